"""Staff sessions, which are rows so that they can be revoked, and limits on failed sign-ins.

A cookie holds 256 random bits, the row their hash. Failures are counted per account and per
address. Attempts over a limit are not counted, and the window moves on, so nobody is locked out for
good.
"""

import secrets
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, contains_eager

from services.review.models import SignInAttempt, Staff, StaffSession
from services.review.staff import passwords, people
from services.review.staff.password_tokens import fingerprint
from shared.tables import now

IDLE = timedelta(minutes=30)
MAX_LIFETIME = timedelta(hours=12)
ACTIVITY_EVERY = timedelta(minutes=1)  # how often activity is written at most

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 50
KEEP_TRIES = timedelta(days=1)


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


def sign_in_candidate(session: Session, *, email: str, address: str) -> tuple[Staff | None, bool]:
    """The account with this email, and whether another attempt is allowed now."""
    since = now() - WINDOW

    def count(column: object, value: str) -> int:
        failures = select(func.count()).select_from(SignInAttempt)
        return session.scalar(failures.where(column == value, SignInAttempt.at > since)) or 0  # type: ignore[arg-type]  # a comparison of columns

    allowed = (
        count(SignInAttempt.account, _account(email)) < TRIES_PER_ACCOUNT
        and count(SignInAttempt.address, address) < TRIES_PER_ADDRESS
    )
    return people.find(session, email=email), allowed


def verify_sign_in(member: Staff | None, *, password: str, allowed: bool) -> bool:
    """Whether this person may sign in. It takes as long for an unknown, deactivated or limited
    account. Slow, so call it outside of a transaction. Raises passwords.PasswordTooLong.
    """
    stored = member.password_hash if member is not None else None
    fits = passwords.verify(password, stored=stored)
    return fits and allowed and member is not None and member.active


def record_failure(session: Session, *, email: str, address: str) -> None:
    """Count a failed sign-in."""
    moment = now()
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < moment - KEEP_TRIES))
    session.add(SignInAttempt(account=_account(email), address=address))


def clear_failures(session: Session, member: Staff) -> None:
    """Drop the failures of an account whose owner has just chosen a new password by mail."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.account == _account(member.email)))


def _account(email: str) -> str:
    return fingerprint(email.strip().casefold())
