"""Links with which a colleague chooses a password: an invitation or a reset.

A link holds 256 random bits, the row their hash. A new password, a new invitation or the end of the
account ends all links of a person. A request for a reset ends none, because anybody can make it.
"""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, contains_eager

from services.review.models import PasswordRequest, PasswordToken, Staff
from services.review.models.states import LinkPurpose
from shared import db
from shared.profile.answers import values
from shared.tables import now

REQUEST_WINDOW = timedelta(hours=1)
# A reset link works as long as requests are counted, so that strangers who use up the requests
# of a colleague leave them a link that works.
LIFETIMES = {LinkPurpose.INVITATION: timedelta(days=3), LinkPurpose.RESET: REQUEST_WINDOW}
LINKS_PER_ACCOUNT = 4  # an hour, so that a stranger cannot flood a mailbox
REQUESTS_PER_NETWORK = 1000  # an hour, of all accounts, so that rows stay few
REQUESTS_KEPT = timedelta(days=1)


def new_token() -> str:
    """The secret of a link, which only the mail holds."""
    return secrets.token_urlsafe(32)


def store(
    session: Session, member: Staff, *, token: str, purpose: LinkPurpose, mail_id: UUID
) -> PasswordToken:
    """Add a link of this person. An invitation ends the others; a reset only deletes expired ones,
    so that a stranger who asks for links does not end one that works.
    """
    others = PasswordToken.staff_id == member.id
    if purpose == LinkPurpose.RESET:
        others &= PasswordToken.expires_at <= now()
    session.execute(delete(PasswordToken).where(others))
    row = PasswordToken(
        id_hash=fingerprint(token),
        staff=member,
        purpose=purpose,
        mail_id=mail_id,
        expires_at=now() + LIFETIMES[purpose],
    )
    session.add(row)
    return row


def find(session: Session, *, token: str) -> PasswordToken | None:
    """The valid link with this token; None too if the account was deactivated."""
    query = (
        select(PasswordToken)
        .join(PasswordToken.staff)
        .options(contains_eager(PasswordToken.staff))
        .where(
            PasswordToken.id_hash == fingerprint(token),
            PasswordToken.expires_at > now(),
            Staff.active,
        )
    )
    return session.scalar(query)


def revoke(session: Session, member: Staff) -> None:
    """End all links of this person."""
    session.execute(delete(PasswordToken).where(PasswordToken.staff_id == member.id))


def record_request(session: Session, *, email: str, address: str, member: Staff | None) -> bool:
    """Record a request for a password link. The row leads to no mail for an unknown or deactivated
    account. False, and nothing recorded, after too many requests for one email; an unknown email is
    counted too, so that this tells nothing. Others who ask in the same network do not count, up to
    a number that only a program reaches; then the network waits, whichever email it asks for.
    """
    moment = now()
    account, caller = fingerprint(account_of(email)), address[:64]
    db.take_turns(session, account)
    recent = select(func.count()).where(PasswordRequest.at > moment - REQUEST_WINDOW)
    limits = (
        (PasswordRequest.account == account, LINKS_PER_ACCOUNT),
        (PasswordRequest.address == caller, REQUESTS_PER_NETWORK),
    )
    if any((session.scalar(recent.where(which)) or 0) >= most for which, most in limits):
        return False
    session.add(
        PasswordRequest(
            staff_id=member.id if member is not None and member.active else None,
            account=account,
            address=caller,
            at=moment,
        )
    )
    session.execute(delete(PasswordRequest).where(PasswordRequest.at < moment - REQUESTS_KEPT))
    return True


def account_of(email: str) -> str:
    """The typed email in the spelling by which an account is found and every limit counts."""
    return values.mailbox(email) or email.strip().casefold()


def fingerprint(secret: str) -> str:
    """SHA-256 in hex; accepts any string, even lone surrogates."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
