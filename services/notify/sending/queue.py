"""The rows of the sender: who claims a mail and who may send its dot, many in one statement."""

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


class Front(NamedTuple):
    """Whether a mail may be offered now, and whether a domain rests."""

    due: bool
    rests: bool


def front(session: Session) -> Front:
    """A look at the queue: whether a claim is worth a writing transaction."""
    return Front(*session.execute(_FRONT, {"at": now()}).one())


def claim(
    session: Session, *, worker_key: int, most: int = 1, every: timedelta | None = None
) -> list[Claim]:
    """Take the mails that wait longest; no other sender sees them from now on. `every` is the time
    between two mails to one domain."""
    given = {"at": now(), "worker": worker_key, "lease": uuid.uuid4(), "most": most}
    if every is None:
        taken = session.execute(_TAKE_FIRST, given).all()
        if taken or not front(session).rests:
            return _claims(taken)
    claims: list[Claim] = []
    for _ in range(LOOKS):
        looked = {"at": given["at"], "most": most - len(claims)}
        seen = session.execute(_FIRST_BY_DOMAIN, looked).all()
        if not seen:
            break
        admitted, waiting = domain_limits.admit(session, seen, every=every)
        if admitted:
            these = given | {"mails": db.padded(admitted)}
            claims += _claims(session.execute(_TAKE_THESE, these).all())
        for row in waiting:
            domain_limits.put_off(session, row, every=every)
        if not waiting:
            break
    return claims


def _claims(rows: Sequence[Any]) -> list[Claim]:
    return [Claim(*row[:-1]) for row in sorted(rows, key=lambda row: row.next_attempt_at)]


def held(claims: Sequence[Claim]) -> dict[str, Any]:
    """What STILL_HELD has to be told of these claims."""
    leases = {claimed.lease_token for claimed in claims}
    mails = [claimed.mail_id for claimed in claims]
    return {"mails": db.padded(mails), "leases": db.padded(leases)}


def let_go(session: Session, claims: Sequence[Claim]) -> None:
    """Give back what was claimed and never marked, for any sender to take at once."""
    if claims:
        session.execute(_GIVE_BACK, held(claims))


def mark(
    session: Session, claims: Sequence[Claim], *, archived: Sequence[Claim] = ()
) -> set[tuple[uuid.UUID, uuid.UUID | None]]:
    """Write down that the final dots come next, and of which mails copies go to the archive; return
    mail and lease of those that may have their dot. Whose lease is lost must not.
    """
    if not claims:
        return set()
    copies = [claimed.mail_id for claimed in archived]
    given = held(claims) | {"at": now(), "copies": copies}
    return {(row.id, row.lease_token) for row in session.execute(_MARK, given).all()}


# Statements are made once: to put one together costs more than to run it.
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
_TAKE_FIRST = _TAKE.where(MAILS.c.id.in_(_FIRST), ~_RESTS)  # where one does, each is looked at
_TAKE_THESE = _TAKE.where(MAILS.c.id.in_(bindparam("mails", expanding=True)))

STILL_HELD = (
    MAILS.c.id.in_(bindparam("mails", expanding=True)),
    MAILS.c.lease_token.in_(bindparam("leases", expanding=True)),
    MAILS.c.state == MailState.SENDING,
)
"""The mails of some claims whose lease is one of theirs. Only the pair of both decides, which a
statement returns: of two claims of one mail, the later alone holds it."""
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
