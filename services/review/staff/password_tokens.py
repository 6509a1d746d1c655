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

from services.review.models import PasswordRequest, PasswordToken, Staff
from services.review.models.states import LinkPurpose
from shared.tables import now

LIFETIMES = {LinkPurpose.INVITATION: timedelta(days=3), LinkPurpose.RESET: timedelta(minutes=30)}

REQUEST_WINDOW = timedelta(hours=1)
LINKS_PER_ACCOUNT = 4  # an hour: nobody's mailbox is filled by a stranger
REQUESTS_PER_ADDRESS = 30
REQUESTS_KEPT = timedelta(days=1)


def new_token() -> str:
    """What a link holds; it stands in the mail and nowhere else."""
    return secrets.token_urlsafe(32)


def store(
    session: Session, member: Staff, *, token: str, purpose: LinkPurpose, mail_id: UUID
) -> PasswordToken:
    """This link opens the password of this person from now on, and no other link does."""
    revoke(session, member)
    key = PasswordToken(
        id_hash=fingerprint(token),
        staff=member,
        purpose=purpose,
        mail_id=mail_id,
        expires_at=now() + LIFETIMES[purpose],
    )
    session.add(key)
    return key


def find(session: Session, *, token: str) -> PasswordToken | None:
    """The living link of this token; None also for somebody who may not come in any more."""
    living = (
        select(PasswordToken)
        .join(PasswordToken.staff)
        .options(contains_eager(PasswordToken.staff))
        .where(
            PasswordToken.id_hash == fingerprint(token),
            PasswordToken.expires_at > now(),
            Staff.active,
        )
    )
    return session.scalar(living)


def revoke(session: Session, member: Staff) -> None:
    """End the links of this person."""
    session.execute(delete(PasswordToken).where(PasswordToken.staff_id == member.id))


def record_request(session: Session, *, email: str, address: str, member: Staff | None) -> None:
    """Write down that a new password was asked for at the door. For nobody who may come in, or for
    an account too often, it is written down as well and leads to no mail; from one address too
    often it is not.
    """
    moment = now()
    account, from_where = fingerprint(email.strip().casefold()), address[:64]
    since = moment - REQUEST_WINDOW
    count = func.count().filter
    tries = select(
        count(PasswordRequest.account == account, PasswordRequest.staff_id.is_not(None)),
        count(PasswordRequest.address == from_where),
    ).where(
        PasswordRequest.at > since,
        or_(PasswordRequest.account == account, PasswordRequest.address == from_where),
    )
    mailed, tried = session.execute(tries).one()
    if tried >= REQUESTS_PER_ADDRESS:
        return
    free = mailed < LINKS_PER_ACCOUNT
    session.execute(delete(PasswordRequest).where(PasswordRequest.at < moment - REQUESTS_KEPT))
    session.add(
        PasswordRequest(
            staff_id=member.id if member is not None and member.active and free else None,
            account=account,
            address=from_where,
            at=moment,
        )
    )


def fingerprint(secret: str) -> str:
    """SHA-256 in hex, also of what no encoding knows."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
