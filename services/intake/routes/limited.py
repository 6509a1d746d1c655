"""What strangers may do only so often: send, and cause mail to somebody's mailbox."""

from typing import Any

from flask import current_app, request
from sqlalchemy.orm import Session

from services.intake import limits
from shared.profile import Profile, value_of
from shared.web.problems import Problem

WAIT = {"Retry-After": "3600"}


def check_send(session: Session, profile: Profile, answers: dict[str, Any]) -> bool:
    """Raises Problem 429 where too much came from this address on the network.

    Returns whether the mailbox of the answers may get a receipt: who sends in somebody's name must
    not be able to flood her with them.
    """
    most = int(current_app.config["SENDS_PER_HOUR"])
    if not limits.allow(session, "send", whose=request.remote_addr or "", most=most):
        detail = "Many ideas came from your network in this hour. Please send yours an hour later."
        raise Problem(429, "too_many_sent", detail, headers=WAIT)
    return may_mail(session, address=value_of(profile, answers, "contact"))


def may_mail(session: Session, *, address: str) -> bool:
    """Whether one more mail may go to this mailbox within this hour; if so, it counts."""
    most = int(current_app.config["MAILS_PER_HOUR"])
    return limits.allow(session, "mail", whose=address.casefold(), most=most)


def check_guess(session: Session) -> None:
    """Raises Problem 429 where too many links and references were tried from one address."""
    most = 10 * int(current_app.config["SENDS_PER_HOUR"])
    if not limits.allow(session, "guess", whose=request.remote_addr or "", most=most):
        detail = "Too many links were tried from your network. Please try again an hour later."
        raise Problem(429, "too_many_tries", detail, headers=WAIT)
