"""`flask announce`: tell the partners again what this service holds.

Tombstones go first, so that nobody erased returns. Then a service tells what it owns, and with it
what it holds of its partners: they take back only what they have lost. Every state has its version,
so an announcement to a partner that has lost nothing does nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared import db, logs, outbox
from shared.restore import inventory, restores
from shared.tables import ProfileVersion, Tombstone

log = logs.logger(__name__)

BATCH = 100  # things in one transaction: on SQLite every other writer waits for it


class Announced(NamedTuple):
    """One kind of thing: a plural, the keys of all of them, and how one is told."""

    what: str
    keys: Callable[[Session], Sequence[Any]]
    tell: Callable[[Session, Any], None]


class Announcements(NamedTuple):
    """What a service tells again. Where its database was put back, `restored` is done first, and
    `erase` with each person on the list of erased people.
    """

    things: Sequence[Announced]
    restored: Callable[[Session], None] | None = None
    erase: Callable[[Session, UUID], None] | None = None


def record_restore(announcements: Announcements, *, erased: Sequence[UUID]) -> None:
    """Write down that the database was put back, before it says anything."""
    with db.begin() as session:
        restores.record(session)
        if announcements.restored is not None:
            announcements.restored(session)
    if announcements.erase is not None:
        for person_id in erased:
            with db.begin() as session:
                announcements.erase(session, person_id)


def announce(
    announcements: Announcements, *, beat: Callable[[], object] = lambda: None
) -> Iterator[tuple[str, int]]:
    """Put everything into the outbox; yield each kind with its number once that is committed.

    `beat` is called after each transaction.
    """
    for thing in (TOMBSTONES, *announcements.things):
        with db.read() as session:
            keys = thing.keys(session)
        for some in _batches(keys):
            with db.begin() as session:
                for key in some:
                    thing.tell(session, key)
            beat()
        yield thing.what, len(keys)


def answer_restores(announcements: Announcements, *, beat: Callable[[], object]) -> int:
    """Announce everything if a partner was put back since the last time; return how much.

    The announcement of the operator left before the events that were on their way to this service.
    What those have brought, this one tells.
    """
    with db.read() as session:
        partners = inventory.partners_put_back(session)
    if not partners:
        return 0
    count = sum(number for _, number in announce(announcements, beat=beat))
    with db.begin() as session:
        inventory.set_told(session, partners)
        inventory.send_soon(session)
    log.info("announced to partners that were put back", partners=partners, count=count)
    return count


def _batches(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _tombstones(session: Session) -> Sequence[Any]:
    return session.scalars(select(Tombstone.subject_id).order_by(Tombstone.erased_at)).all()


def _tell_tombstone(session: Session, subject_id: Any) -> None:
    """A tombstone names a person or a proposal, and says which only to a service that had it."""
    tombstone = session.get_one(Tombstone, subject_id)
    data = {"person_id": subject_id, "proposal_ids": [subject_id], "version": 1}
    outbox.add(session, "person.erased.v1", data | {"erased_at": tombstone.erased_at})


TOMBSTONES = Announced("erasures", _tombstones, _tell_tombstone)


def _profiles(session: Session) -> Sequence[Any]:
    query = select(ProfileVersion.version).order_by(ProfileVersion.published_at)
    return session.scalars(query).all()


def _tell_profile(session: Session, version: Any) -> None:
    row = session.get_one(ProfileVersion, version)
    data = {
        "profile_version": row.version,
        "version": int(row.published_at.timestamp() * 1000),
        "body": row.body,
        "published_at": row.published_at,
    }
    outbox.add(session, "profile.published.v1", data, at=row.published_at)


PROFILES = Announced("profiles", _profiles, _tell_profile)
