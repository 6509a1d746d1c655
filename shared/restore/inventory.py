"""Compare what two services hold, by a small inventory that each sends once a day.

An inventory has, by kind and by the first two digits of the id, how many things there are and the
sum of their versions. Each service compares those of its partners with its own, and reports what a
partner has more of. An inventory leaves out what changed in the last minute, and travels behind the
events of its sender: so what it counts has arrived, unless one of the two has lost something. Only
a difference that two inventories in a row have shown counts as missing.

While something is missing, or when a worker starts, a service asks its partners for theirs.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from shared import db, outbox
from shared.inbox.slow import SlowHandler
from shared.restore import restores
from shared.tables import PartnerInventory, ProfileVersion, StatusReportRow, Tombstone, now

NAME = "inventory.taken.v1"
EVERY = timedelta(days=1)
PAUSE = 6  # turns of the status report: what changed since is left out, and between two questions
ROW = "inventory"  # among the status reports
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

Buckets = dict[str, list[int]]
Holdings = dict[str, Buckets]
Hold = Callable[[Session, datetime], Holdings]
"""What a service holds: all projections, and of its own things those unchanged since a moment."""


def buckets(session: Session, key: Any, version: Any, *conditions: Any) -> Buckets:
    """Count and sum of versions of the things under each beginning of their ids."""
    beginning = func.lower(func.substr(cast(key, String), 1, 2))
    counted = select(beginning, func.count(), func.coalesce(func.sum(version), 0))
    rows = session.execute(counted.where(*conditions).group_by(beginning))
    return {begin: [count, int(total)] for begin, count, total in rows}


def common(session: Session, before: datetime) -> Holdings:
    """What every service holds."""
    profile, erasure = ProfileVersion, Tombstone
    return {
        "erasures": buckets(session, erasure.subject_id, 0, erasure.erased_at <= before),
        "profiles": buckets(session, profile.version, 0, profile.published_at <= before),
    }


def difference(theirs: Mapping[str, Any], mine: Holdings) -> dict[str, int]:
    """By kind, how many things a partner has more of, or in a newer version."""
    found = {}
    for kind in theirs.keys() & mine.keys():
        count = sum(
            _more(bucket, mine[kind].get(begin, [0, 0])) for begin, bucket in theirs[kind].items()
        )
        if count:
            found[kind] = count
    return found


def _more(theirs: list[int], mine: list[int]) -> int:
    return max(theirs[0] - mine[0], 1 if theirs[1] > mine[1] and theirs[0] >= mine[0] else 0, 0)


def pause() -> timedelta:
    """How long a thing must be unchanged to be counted, and how soon to ask again."""
    return timedelta(seconds=PAUSE * float(current_app.config["TELL_EVERY"]))


def send_if_due(hold: Hold, *, service: str, starting: bool = False) -> bool:
    """Send the inventory once a day, when a worker starts, when a partner asks, and while something
    is missing here; return whether it was sent.
    """
    with db.read() as session:
        last = session.get(StatusReportRow, ROW)
        asks = starting or any(session.scalars(select(PartnerInventory.found)))
        if not starting and not _is_due(last, soon=asks):
            return False
        holds = hold(session, now() - pause())
    with db.begin() as session:
        send(session, holds, service=service, asks=asks)
    return True


def send(session: Session, holds: Holdings, *, service: str, asks: bool) -> None:
    """Put this inventory into the outbox."""
    row = _row(session)
    row.at = now()
    row.version = max(row.version + 1, int((row.at - BEGINNING).total_seconds()))
    restore = restores.last(session)
    data = {"service": service, "version": row.version, "asks": asks, "holds": holds}
    data["restored_at"] = restore.restored_at if restore else None
    outbox.add(session, "inventory.taken.v1", data | {"taken_at": row.at})


def send_soon(session: Session) -> None:
    """Let the worker send the inventory at its next turn."""
    _row(session).at = BEGINNING


def _row(session: Session) -> StatusReportRow:
    never = {"name": ROW, "version": 0, "sha256": b"", "at": BEGINNING}
    db.insert_new(session, StatusReportRow, values=never)
    return session.get_one(StatusReportRow, ROW, with_for_update=True)


def _is_due(last: StatusReportRow | None, *, soon: bool) -> bool:
    if last is None:
        return True
    return last.at < now() - (pause() if soon else EVERY)


def receiver(hold: Hold, *, some_of: Collection[str] = ()) -> SlowHandler:
    """Handler of `inventory.taken.v1`: compare it with what this service holds.

    Of the kinds `some_of` it keeps only a part, so a partner rightly has more.
    """

    def compare(data: dict[str, Any]) -> dict[str, int]:
        with db.read() as session:
            mine = hold(session, now())
        whole = {kind: found for kind, found in mine.items() if kind not in some_of}
        return difference(data["holds"], whole)

    return SlowHandler(compare, _store)


def _store(session: Session, data: dict[str, Any], found: dict[str, int]) -> None:
    at, partner = now(), data["service"]
    never = {"partner": partner, "compared_at": BEGINNING, "found": {}, "missing": {}}
    db.insert_new(session, PartnerInventory, values=never)
    row = session.get_one(PartnerInventory, partner, with_for_update=True)
    earlier = row.found
    if row.compared_at <= at - pause():
        row.compared_at, row.found = at, found
    else:  # too soon after the last one to confirm it
        earlier = row.missing
    row.missing = {kind: min(n, earlier[kind]) for kind, n in found.items() if kind in earlier}
    if not found:
        row.found = {}
    row.restored_at = data.get("restored_at")
    if data["asks"]:
        send_soon(session)


def partners_put_back(session: Session) -> list[str]:
    """Partners that were put back since this service last announced what it holds."""
    rows = session.scalars(
        select(PartnerInventory).where(PartnerInventory.restored_at.is_not(None))
    )
    return [row.partner for row in rows if row.told_at != row.restored_at]


def set_told(session: Session, partners: Collection[str]) -> None:
    """Note that these partners were told all since they were put back."""
    for partner in partners:
        row = session.get_one(PartnerInventory, partner, with_for_update=True)
        row.told_at = row.restored_at


def missing(session: Session) -> list[dict[str, Any]]:
    """What partners hold and this service does not: partner, kind and count."""
    rows = session.scalars(select(PartnerInventory).order_by(PartnerInventory.partner))
    return [
        {"partner": row.partner, "kind": kind, "count": count}
        for row in rows
        for kind, count in sorted(row.missing.items())
    ]


def in_words(things: Iterable[Mapping[str, Any]]) -> str:
    """4 proposals, 1 case"""
    return ", ".join(f"{each['count']} {each['kind']}" for each in things)


def command(partner: str) -> str:
    """What an operator runs so that this partner tells again what it holds."""
    return f"flask --app services.{partner} announce"
