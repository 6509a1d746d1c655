"""Links by which somebody of the office chooses a password: an invitation, or a reset.

A link holds 256 random bits, the row their hash. A person has one living link: a newer one ends the
one before, and so does the password that is chosen with it.
"""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from services.review.models import ForgottenPassword, Staff, StaffKey
from shared.tables import now

LASTS = {"invitation": timedelta(days=3), "reset": timedelta(minutes=30)}

WINDOW = timedelta(hours=1)
LINKS_AN_ACCOUNT = 4  # an hour: nobody's mailbox is filled by a stranger
ASKED_AN_ADDRESS = 30
KEPT = timedelta(days=1)


def new() -> str:
    """What a link holds; it stands in the mail and nowhere else."""
    return secrets.token_urlsafe(32)


def keep(session: Session, member: Staff, *, token: str, purpose: str, mail_id: UUID) -> StaffKey:
    """This link opens the password of this person from now on, and no other link does."""
    forget(session, member)
    key = StaffKey(
        id_hash=fingerprint(token),
        staff=member,
        purpose=purpose,
        mail_id=mail_id,
        expires_at=now() + LASTS[purpose],
    )
    session.add(key)
    return key


def find(session: Session, *, token: str) -> StaffKey | None:
    """The living link of this token; None also for somebody who may not come in any more."""
    living = (
        select(StaffKey)
        .join(StaffKey.staff)
        .options(contains_eager(StaffKey.staff))
        .where(
            StaffKey.id_hash == fingerprint(token),
            StaffKey.expires_at > now(),
            Staff.active,
        )
    )
    return session.scalar(living)


def forget(session: Session, member: Staff) -> None:
    """End the links of this person."""
    session.execute(delete(StaffKey).where(StaffKey.staff_id == member.id))


def asked(session: Session, *, email: str, address: str, member: Staff | None) -> None:
    """Write down that a new password was asked for at the door. For nobody who may come in, or for
    an account too often, it is written down as well and leads to no mail; from one address too
    often it is not.
    """
    moment = now()
    account, from_where = fingerprint(email.strip().casefold()), address[:64]
    since = moment - WINDOW
    count = func.count().filter
    tries = select(
        count(ForgottenPassword.account == account, ForgottenPassword.staff_id.is_not(None)),
        count(ForgottenPassword.address == from_where),
    ).where(
        ForgottenPassword.at > since,
        or_(ForgottenPassword.account == account, ForgottenPassword.address == from_where),
    )
    mailed, tried = session.execute(tries).one()
    if tried >= ASKED_AN_ADDRESS:
        return
    free = mailed < LINKS_AN_ACCOUNT
    session.execute(delete(ForgottenPassword).where(ForgottenPassword.at < moment - KEPT))
    session.add(
        ForgottenPassword(
            staff_id=member.id if member is not None and member.active and free else None,
            account=account,
            address=from_where,
            at=moment,
        )
    )


def fingerprint(secret: str) -> str:
    """SHA-256 in hex, also of what no encoding knows."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
