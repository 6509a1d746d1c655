"""Limits for strangers: sending proposals, guessing links, causing mail to a mailbox."""

from typing import Any

from flask import current_app, request
from sqlalchemy.orm import Session

from services.intake.access import rate_limits
from services.intake.access.rate_limits import LimitedAct
from shared import references
from shared.profile import Profile, value_of
from shared.web.problems import Problem

RETRY_AFTER = {"Retry-After": "3600"}


def check_send(session: Session, profile: Profile, answers: dict[str, Any]) -> bool:
    """Raises Problem 429 if this network address has sent too many proposals.

    Returns whether the mailbox of the answers may get a receipt. Somebody who sends in another
    person's name must not be able to flood their mailbox.
    """
    most = int(current_app.config["SENDS_PER_HOUR"])
    sending = LimitedAct("send", request.remote_addr or "", most)
    send, mail = rate_limits.allow(session, sending, _mail(value_of(profile, answers, "contact")))
    if not send:
        detail = "Too many ideas came from your network. Please send yours in an hour."
        raise Problem(429, "too_many_sent", detail, headers=RETRY_AFTER)
    return mail


def may_mail(session: Session, *, address: str, act: str = "mail") -> bool:
    """Whether this mailbox may get one more mail this hour; if so, it is counted."""
    return rate_limits.allow(session, _mail(address, act=act))[0]


def may_ask(session: Session, *, known: str) -> bool:
    """Whether a link may be asked for with this address or reference once more this hour.

    It counts what was typed and not who is known, so that a refusal tells a stranger nothing.
    """
    reference = references.parse(known)
    return rate_limits.allow(session, _mail(reference or known, act="ask"))[0]


def _mail(address: str, *, act: str = "mail") -> LimitedAct:
    return LimitedAct(act, address.casefold(), int(current_app.config["MAILS_PER_HOUR"]))


def check_guess(session: Session) -> None:
    """Raises Problem 429 if one network address has tried too many links or references."""
    most = 10 * int(current_app.config["SENDS_PER_HOUR"])
    if not rate_limits.allow(session, LimitedAct("guess", request.remote_addr or "", most))[0]:
        detail = "Too many links were tried from your network. Please try again in an hour."
        raise Problem(429, "too_many_tries", detail, headers=RETRY_AFTER)
