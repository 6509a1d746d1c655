"""Sessions of the office's people: rows, so that they can be ended; and tries to sign in, counted.

A cookie holds 256 random bits, the row their hash. Two buckets hold guessing back: one an account,
one an address. Only failures that were looked at fill them and they empty by themselves, so nobody
is locked out for good.
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
ACTIVITY_EVERY = timedelta(minutes=1)  # a sign of life is written at most so often

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 50
KEEP_TRIES = timedelta(days=1)


def start(session: Session, member: Staff) -> str:
    """A new session; the token goes into the cookie and nowhere else."""
    moment = now()
    session.execute(delete(StaffSession).where(StaffSession.expires_at < moment))
    token = secrets.token_urlsafe(32)
    row = StaffSession(
        id_hash=fingerprint(token), staff_id=member.id, expires_at=moment + MAX_LIFETIME
    )
    session.add(row)
    return token


def load(session: Session, *, token: str) -> StaffSession | None:
    """The living session of this token with its person, in one join."""
    moment = now()
    found = (
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
    return session.scalar(found)


def record_activity(session: Session, *, id_hash: str) -> None:
    """Write a sign of life; a session that has been ended meanwhile stays ended."""
    row = session.get(StaffSession, id_hash)
    if row is not None:
        row.seen_at = now()


def end(session: Session, *, id_hash: str) -> None:
    """Sign out here."""
    session.execute(delete(StaffSession).where(StaffSession.id_hash == id_hash))


def end_own(session: Session, member: Staff, *, id_hash: str) -> None:
    """Sign out of one other browser of hers; somebody else's session is left alone."""
    session.execute(
        delete(StaffSession).where(
            StaffSession.id_hash == id_hash, StaffSession.staff_id == member.id
        )
    )


def sessions_of(session: Session, member: Staff) -> list[StaffSession]:
    """The living sessions of somebody, newest first."""
    moment = now()
    found = select(StaffSession).where(
        StaffSession.staff_id == member.id,
        StaffSession.expires_at > moment,
        StaffSession.seen_at > moment - IDLE,
    )
    return list(session.scalars(found.order_by(StaffSession.created_at.desc())))


def sign_in_candidate(session: Session, *, email: str, address: str) -> tuple[Staff | None, bool]:
    """Who is named by this email, and whether there may be a try now."""
    since = now() - WINDOW

    def count(column: object, value: str) -> int:
        tries = select(func.count()).select_from(SignInAttempt)
        return session.scalar(tries.where(column == value, SignInAttempt.at > since)) or 0  # type: ignore[arg-type]  # a comparison of columns

    free = (
        count(SignInAttempt.account, _account(email)) < TRIES_PER_ACCOUNT
        and count(SignInAttempt.address, address) < TRIES_PER_ADDRESS
    )
    return people.find(session, email=email), free


def verify_sign_in(member: Staff | None, *, password: str, free: bool) -> bool:
    """Whether this person may come in; takes as long for whoever is unknown, disabled or held
    back. Raises passwords.PasswordTooLong. To be asked outside of a transaction: it takes its time.
    """
    stored = member.password_hash if member is not None else None
    fits = passwords.verify(password, stored=stored)
    return fits and free and member is not None and member.active


def record_failure(session: Session, *, email: str, address: str) -> None:
    """Count a failure."""
    moment = now()
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < moment - KEEP_TRIES))
    session.add(SignInAttempt(account=_account(email), address=address))


def clear_failures(session: Session, member: Staff) -> None:
    """Forget the tries at this account: whoever reads its mailbox has chosen a new password."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.account == _account(member.email)))


def _account(email: str) -> str:
    return fingerprint(email.strip().casefold())
