"""Limits for strangers: sending proposals, guessing links, causing mail to a mailbox."""

from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from services.intake.access import rate_limits
from services.intake.access.rate_limits import LimitedAct
from services.intake.models import Proposal
from shared import references
from shared.profile import Profile, value_of
from shared.profile.answers import values
from shared.web import browsers
from shared.web.problems import Problem

RETRY_AFTER = {"Retry-After": "3600"}


def check_send(session: Session, profile: Profile, answers: dict[str, Any]) -> bool:
    """Raises Problem 429 if this network address has sent too many proposals.

    Returns whether the mailbox of the answers may get a receipt. Somebody who sends in another
    person's name must not be able to flood their mailbox.
    """
    sending = LimitedAct("send", browsers.network(), int(current_app.config["SENDS_PER_HOUR"]))
    mailing = _mail(value_of(profile, answers, "contact"))
    send, mail = rate_limits.allow_groups(session, (sending,), (mailing, _by_all()))
    if not send:
        detail = "Too many ideas came from your network. Please send yours in an hour."
        raise Problem(429, "too_many_sent", detail, headers=RETRY_AFTER)
    return mail


def may_mail_link(session: Session, *, address: str) -> bool:
    """Whether this mailbox may get one more link that somebody asked for this hour."""
    return rate_limits.allow_groups(session, (_mail(address, act="link"), _links_by_all()))[0]


def may_mail_draft(session: Session, *, address: str, browser: str) -> bool:
    """Whether a link to a draft may be mailed to this mailbox, by this browser and network address
    and within the limit of the whole service.
    """
    by_browser = _mail(browser, act="draft_link_of_browser")
    by_network = _of_network("draft_link", int(current_app.config["LINKS_PER_HOUR"]))
    acts = (_mail(address), by_browser, by_network, _links_by_all())
    return rate_limits.allow_groups(session, acts)[0]


def check_message(session: Session, proposal: Proposal) -> None:
    """Raises Problem 429 if too many messages about one proposal were sent this hour."""
    most = int(current_app.config["MESSAGES_PER_HOUR"])
    if not rate_limits.allow(session, LimitedAct("message", str(proposal.id), most))[0]:
        detail = "You sent a lot of messages in the last hour. Please send the next one later."
        raise Problem(429, "too_many_messages", detail, headers=RETRY_AFTER)


def check_begin(session: Session) -> None:
    """Raises Problem 429 if one network address has begun too many drafts."""
    act = _of_network("begin", int(current_app.config["DRAFTS_PER_HOUR"]))
    if not rate_limits.allow(session, act)[0]:
        detail = "Too many forms were started from your network. Please try again in an hour."
        raise Problem(429, "too_many_begun", detail, headers=RETRY_AFTER)


def may_ask(session: Session, *, known: str) -> bool:
    """Whether a link may be asked for with this address or reference once more this hour.

    It counts what the text means and not who is known, so that a refusal tells a stranger nothing.
    A mail of the whole service is counted where it is requested, in `may_mail_link`.
    """
    if rate_limits.is_full(session, _links_by_all()):
        return False
    meant = references.parse(known) or values.mailbox(known) or known
    return rate_limits.allow(session, _mail(meant, act="ask"))[0]


def _mail(address: str, *, act: str = "mail") -> LimitedAct:
    return LimitedAct(act, address.casefold(), int(current_app.config["MAILS_PER_HOUR"]))


def _of_network(act: str, most: int) -> LimitedAct:
    return LimitedAct(act, browsers.network(), most)


def _by_all() -> LimitedAct:
    return rate_limits.visitor_mails(int(current_app.config["VISITOR_MAILS_PER_HOUR"]))


def _links_by_all() -> LimitedAct:
    return rate_limits.visitor_links(int(current_app.config["VISITOR_MAILS_PER_HOUR"]))


def check_guess(session: Session) -> None:
    """Raises Problem 429 if one network address has tried too many links or references."""
    most = 10 * int(current_app.config["SENDS_PER_HOUR"])
    if not rate_limits.allow(session, LimitedAct("guess", browsers.network(), most))[0]:
        detail = "Too many links were tried from your network. Please try again in an hour."
        raise Problem(429, "too_many_tries", detail, headers=RETRY_AFTER)
