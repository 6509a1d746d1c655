"""Claim mails and mark their final dots, many in one statement."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session

from services.notify.mail_table import MAILS, is_due
from services.notify.models import Pace
from services.notify.models.states import MailState
from services.notify.sending import domain_limits
from shared import db
from shared.tables import Moment, now

CLAIM_TRIES = (
    4  # tries in one claim, where the front of the queue is full of mails that have to wait
)

# The columns of a Claim, in the order of its fields.
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
    """One mail that this sender has claimed."""

    mail_id: uuid.UUID
    lease_token: uuid.UUID
    attempt: int
    on_doubt: str
    traceparent: str
    envelope_from: str
    recipient: str
    rendered: bytes


class Front(NamedTuple):
    """Whether a mail may be offered now, and whether any domain rests."""

    due: bool
    rests: bool


def front(session: Session) -> Front:
    """Read whether a claim is worth a write transaction."""
    return Front(*session.execute(_FRONT, {"at": now()}).one())


def claim(
    session: Session, *, worker_key: int, most: int = 1, every: timedelta | None = None
) -> list[Claim]:
    """Claim the mails that have waited longest; no other sender sees them from now on. `every` is
    the time between two mails to one domain.
    """
    values = {"at": now(), "worker": worker_key, "lease": uuid.uuid4(), "most": most}
    if every is None:
        rows = session.execute(_TAKE_FIRST, values).all()
        if rows or not front(session).rests:
            return _claims(rows)
    claims: list[Claim] = []
    for _ in range(CLAIM_TRIES):
        limits = {"at": values["at"], "most": most - len(claims)}
        first = session.execute(_FIRST_BY_DOMAIN, limits).all()
        if not first:
            break
        admitted, waiting = domain_limits.admit(session, first, every=every)
        if admitted:
            chosen = values | {"mails": db.padded(admitted)}
            claims += _claims(session.execute(_TAKE_THESE, chosen).all())
        for row in waiting:
            domain_limits.put_off(session, row, every=every)
        if not waiting:
            break
    return claims


def _claims(rows: Sequence[Any]) -> list[Claim]:
    return [Claim(*row[:-1]) for row in sorted(rows, key=lambda row: row.next_attempt_at)]


def lease_parameters(claims: Sequence[Claim]) -> dict[str, Any]:
    """The parameters of STILL_HELD for these claims."""
    leases = {claimed.lease_token for claimed in claims}
    mails = [claimed.mail_id for claimed in claims]
    return {"mails": db.padded(mails), "leases": db.padded(leases)}


def let_go(session: Session, claims: Sequence[Claim]) -> None:
    """Give back claims without a mark, for any sender to take at once."""
    if claims:
        session.execute(_GIVE_BACK, lease_parameters(claims))


def mark(
    session: Session, claims: Sequence[Claim], *, archived: Sequence[Claim] = ()
) -> set[tuple[uuid.UUID, uuid.UUID | None]]:
    """Mark that the final dots come next and which mails have a copy for the archive; return mail
    and lease of those that may have their dot. A claim that lost its lease may not.
    """
    if not claims:
        return set()
    copies = [claimed.mail_id for claimed in archived]
    values = lease_parameters(claims) | {"at": now(), "copies": copies}
    return {(row.id, row.lease_token) for row in session.execute(_MARK, values).all()}


# Statements are built once: building one costs more than running it.
_AT = bindparam("at", type_=Moment)
_RESTS = exists().where(Pace.rests_until > _AT)
_FRONT = select(exists().where(is_due(_AT)), _RESTS)
_FIRST = (
    select(MAILS.c.id)
    .where(is_due(_AT))
    .order_by(MAILS.c.next_attempt_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_FIRST_BY_DOMAIN = _FIRST.add_columns(MAILS.c.domain)
_TAKE = (
    update(MAILS)
    .values(
        state=MailState.SENDING,
        lease_token=bindparam("lease"),
        worker_key=bindparam("worker"),
        dot_at=None,
        attempts=MAILS.c.attempts + 1,
    )
    .returning(*(MAILS.c[name] for name in _CLAIMED), MAILS.c.next_attempt_at)
)
_TAKE_FIRST = _TAKE.where(
    MAILS.c.id.in_(_FIRST), ~_RESTS
)  # with a resting domain, each mail is checked
_TAKE_THESE = _TAKE.where(MAILS.c.id.in_(bindparam("mails", expanding=True)))

STILL_HELD = (
    MAILS.c.id.in_(bindparam("mails", expanding=True)),
    MAILS.c.lease_token.in_(bindparam("leases", expanding=True)),
    MAILS.c.state == MailState.SENDING,
)
"""Checks mails and leases separately, so it also matches pairs that no claim had. The caller must
compare the pairs that are returned: after two claims of one mail, only the later lease holds."""
_GIVE_BACK = (
    update(MAILS)
    .where(*STILL_HELD)
    .values(state=MailState.QUEUED, lease_token=None, attempts=MAILS.c.attempts - 1)
)
_MARK = (
    update(MAILS)
    .where(*STILL_HELD)
    .values(dot_at=_AT, archived=MAILS.c.id.in_(bindparam("copies", expanding=True)))
    .returning(MAILS.c.id, MAILS.c.lease_token)
)
