"""Staff sessions, which are rows so that they can be revoked.

A cookie holds 256 random bits, the row their hash.
"""

import secrets
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, contains_eager

from services.review.models import Staff, StaffSession
from services.review.staff import passwords
from services.review.staff.password_tokens import fingerprint
from shared.tables import now

IDLE = timedelta(minutes=30)
MAX_LIFETIME = timedelta(hours=12)
ACTIVITY_EVERY = timedelta(minutes=1)  # how often activity is written at most


def start(session: Session, member: Staff) -> str:
    """Start a session; return the token, which only the cookie holds."""
    moment = now()
    session.execute(delete(StaffSession).where(StaffSession.expires_at < moment))
    token = secrets.token_urlsafe(32)
    row = StaffSession(
        id_hash=fingerprint(token), staff_id=member.id, expires_at=moment + MAX_LIFETIME
    )
    session.add(row)
    return token


def load(session: Session, *, token: str) -> StaffSession | None:
    """The valid session with this token, joined with its person."""
    moment = now()
    query = (
        select(StaffSession)
        .join(StaffSession.staff)
        .options(contains_eager(StaffSession.staff))
        .where(
            StaffSession.id_hash == fingerprint(token),
            StaffSession.expires_at > moment,
            StaffSession.seen_at > moment - IDLE,
            Staff.active,
        )
    )
    return session.scalar(query)


def record_activity(session: Session, *, id_hash: str) -> None:
    """Record activity; a session that was ended meanwhile stays ended."""
    row = session.get(StaffSession, id_hash)
    if row is not None:
        row.seen_at = now()


def end(session: Session, *, id_hash: str) -> None:
    """End one session."""
    session.execute(delete(StaffSession).where(StaffSession.id_hash == id_hash))


def end_own(session: Session, member: Staff, *, id_hash: str) -> None:
    """End one session of this person; a session of anybody else is left alone."""
    session.execute(
        delete(StaffSession).where(
            StaffSession.id_hash == id_hash, StaffSession.staff_id == member.id
        )
    )


def sessions_of(session: Session, member: Staff) -> list[StaffSession]:
    """The valid sessions of this person, newest first."""
    moment = now()
    query = select(StaffSession).where(
        StaffSession.staff_id == member.id,
        StaffSession.expires_at > moment,
        StaffSession.seen_at > moment - IDLE,
    )
    return list(session.scalars(query.order_by(StaffSession.created_at.desc())))


def verify_sign_in(member: Staff | None, *, password: str, allowed: bool) -> bool:
    """Whether this person may sign in. It takes as long for an unknown, deactivated or limited
    account. Slow, so call it outside of a transaction. Raises passwords.PasswordTooLong.
    """
    stored = member.password_hash if member is not None else None
    fits = passwords.verify(password, stored=stored)
    return fits and allowed and member is not None and member.active
