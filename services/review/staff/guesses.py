"""Limits on guessing a password.

A guess is counted before the password is checked, and taken back if it was right, so guesses in
parallel count too. It counts for the account and the place that it comes from: a network, or a
browser in which this person has signed in before. So strangers who guess do not hold a person back
in a browser of theirs, and neighbors in one network do not hold each other back. Guesses over a
limit are not counted, and the window moves on: nobody is locked out for good.
"""

from datetime import timedelta

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from services.review.models import SignInAttempt
from services.review.staff.password_tokens import account_of, fingerprint
from shared import db
from shared.tables import now

WINDOW = timedelta(minutes=15)
KEPT = timedelta(days=1)
PER_PLACE = 10  # at one account from one network, or from one known browser
PER_ACCOUNT = 25  # at one account from all networks together: a hundred an hour
PER_NETWORK = 50  # from one network at all accounts; then only AFTER_MANY are left for each account
AFTER_MANY = 3

BROWSER = "browser:"


def browser(key: str) -> str:
    """A known browser as a place."""
    return BROWSER + fingerprint(key)[:40]


def reserve(session: Session, *, email: str, place: str) -> int | None:
    """Count one guess at the account with this email; None if no more are allowed now."""
    account, moment = fingerprint(account_of(email)), now()
    db.take_turns(session, account, place)
    if not _allowed(session, account=account, place=place):
        return None
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < moment - KEPT))
    row = SignInAttempt(account=account, address=place, at=moment)
    session.add(row)
    session.flush()
    return row.id


def take_back(session: Session, guess: int | None) -> None:
    """Uncount a guess that was the password."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.id == guess))


def forget(session: Session, *, email: str) -> None:
    """Uncount all guesses at an account whose owner has just chosen a password by mail."""
    account = fingerprint(account_of(email))
    session.execute(delete(SignInAttempt).where(SignInAttempt.account == account))


def _allowed(session: Session, *, account: str, place: str) -> bool:
    at_account, here = SignInAttempt.account == account, SignInAttempt.address == place
    in_networks = ~SignInAttempt.address.startswith(BROWSER)
    count = func.count().filter
    counts = select(
        count(and_(at_account, here)), count(and_(at_account, in_networks)), count(here)
    ).where(SignInAttempt.at > now() - WINDOW, or_(at_account, here))
    mine, at_this_account, from_here = session.execute(counts).one()
    if place.startswith(BROWSER):
        return bool(mine < PER_PLACE)
    most = PER_PLACE if from_here < PER_NETWORK else AFTER_MANY
    return bool(mine < most and at_this_account < PER_ACCOUNT)
