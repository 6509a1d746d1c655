"""The rows of the sender: who claims a mail and who may send its dot, many in one statement."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from services.notify.sending import pace
from services.notify.sending.rows import MAILS, is_due
from shared.tables import now

LOOKS = 4  # at the front of the queue in one claim, where it is full of mails that have to wait

# What a claim is made of, in the order of its fields.
_CLAIMED = [
    "id",
    "lease_token",
    "attempts",
    "on_doubt",
    "traceparent",
    "envelope_from",
    "recipient",
    "rendered",
]


class Claim(NamedTuple):
    """One mail in the hands of this sender."""

    mail_id: uuid.UUID
    lease_token: uuid.UUID
    attempt: int
    on_doubt: str
    traceparent: str
    envelope_from: str
    recipient: str
    rendered: bytes


def any_due(session: Session) -> bool:
    """Whether a claim is worth a writing transaction."""
    return session.scalar(select(MAILS.c.id).where(is_due(now())).limit(1)) is not None


def claim(
    session: Session, *, worker_key: int, most: int = 1, every: timedelta | None = None
) -> list[Claim]:
    """Take the mails that wait longest; no other sender sees them from now on. `every` is the time
    between two mails to one domain."""
    due = select(MAILS.c.id).where(is_due(now())).order_by(MAILS.c.next_attempt_at)
    due = due.with_for_update(skip_locked=True)
    if not pace.is_needed(session, every=every):
        return _taken(session, due.limit(most), worker_key=worker_key)
    claims: list[Claim] = []
    for _ in range(LOOKS):
        left = most - len(claims)
        front = session.execute(due.add_columns(MAILS.c.domain).limit(left)).all()
        if not front:
            break
        admitted, waiting = pace.admit(session, front, every=every)
        if admitted:
            claims += _taken(session, admitted, worker_key=worker_key)
        for row in waiting:
            pace.put_off(session, row, every=every)
        if not waiting:
            break
    return claims


def _taken(session: Session, mails: Any, *, worker_key: int) -> list[Claim]:
    taken = (
        update(MAILS)
        .where(MAILS.c.id.in_(mails))
        .values(
            state="sending",
            lease_token=uuid.uuid4(),
            worker_key=worker_key,
            dot_at=None,
            attempts=MAILS.c.attempts + 1,
        )
        .returning(*(MAILS.c[name] for name in _CLAIMED), MAILS.c.next_attempt_at)
    )
    rows = session.execute(taken).all()
    return [Claim(*row[:-1]) for row in sorted(rows, key=lambda row: row.next_attempt_at)]


def still_held(claims: Sequence[Claim]) -> tuple[ColumnElement[bool], ...]:
    """The mails of these claims whose lease is one of theirs. Only the pair of both decides, which
    a statement returns: of two claims of one mail, the later alone holds it."""
    mails = MAILS.c.id.in_([claimed.mail_id for claimed in claims])
    leases = MAILS.c.lease_token.in_({claimed.lease_token for claimed in claims})
    return mails, leases, MAILS.c.state == "sending"


def let_go(session: Session, claims: Sequence[Claim]) -> None:
    """Give back what was claimed and never marked, for any sender to take at once."""
    if claims:
        given_back = {"state": "queued", "lease_token": None, "attempts": MAILS.c.attempts - 1}
        session.execute(
            update(MAILS).where(*still_held(claims)).values(given_back),
        )


def mark(
    session: Session, claims: Sequence[Claim], *, archived: Sequence[Claim] = ()
) -> set[tuple[uuid.UUID, uuid.UUID | None]]:
    """Write down that the final dots come next, and of which mails copies go to the archive; return
    mail and lease of those that may have their dot. Whose lease is lost must not.
    """
    if not claims:
        return set()
    copies = MAILS.c.id.in_([claimed.mail_id for claimed in archived])
    marked = (
        update(MAILS)
        .where(*still_held(claims))
        .values(dot_at=now(), archived=copies if archived else False)
        .returning(MAILS.c.id, MAILS.c.lease_token)
    )
    return {(row.id, row.lease_token) for row in session.execute(marked).all()}
