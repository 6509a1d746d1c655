"""The mails about a proposal to its proposer: only intake knows their link, address and language.

Each holds a link, so that nobody needs an account. It opens the status page for thirty days. A link
that somebody asks for lasts an hour. `again` marks a mail that is asked for once more.
"""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from services.intake.access import link_tokens
from services.intake.access.link_tokens import LinkRequest
from services.intake.models import Post, Proposal
from services.intake.models.states import PublicLabel
from services.intake.notifications import answer_copy, recipients
from services.intake.notifications.recipients import Recipient, recipient_of
from shared import calendar, dates, links
from shared.mails.quoting import quoted
from shared.mails.request import request_mail
from shared.profile import Profile
from shared.profile.offices import office_at, office_of, signature
from shared.tables import now

OUTCOMES = {  # the variable that makes the subject of a decision say what it is
    PublicLabel.ACCEPTED: "accepted",
    PublicLabel.ON_HOLD: "on_hold",
    PublicLabel.NOT_NOW: "declined",
}


def receipt(session: Session, proposal: Proposal, *, profile: Profile, again: str = "") -> None:
    """Confirm the proposal and name the promised dates."""
    extra = {
        name: dates.in_words(getattr(proposal, name), proposal.language)
        for name in ("first_reply_by", "meeting_by", "decision_by")
    }
    copy = answer_copy.copy_text(profile, proposal.answers, language=proposal.language)
    if recipient_of(proposal).is_verified:
        extra["answers"] = copy
    elif copy:
        proposal.copy_waits, extra["copy_waits"] = True, "yes"
    extra["status_url"] = _status_link(session, proposal)
    wanted = recipients.request(
        recipient_of(proposal), profile, kind="receipt", cause=f"{proposal.id}{again}", extra=extra
    )
    request_mail(session, wanted)


def answers_copy(session: Session, proposal: Proposal, *, profile: Profile) -> None:
    """The copy that the proposer asked for, now that their mailbox is verified."""
    proposal.copy_waits = False
    recipient = recipient_of(proposal)
    copy = answer_copy.copy_text(profile, proposal.answers, language=proposal.language)
    extra = {"answers": copy}
    extra["status_url"] = recipients.link(session, recipient, lasts=link_tokens.STATUS_LIFETIME)
    wanted = recipients.request(
        recipient, profile, kind="answers_copy", cause=str(proposal.id), extra=extra
    )
    request_mail(session, recipients.with_case_contact(session, profile, wanted))


def decision(  # noqa: PLR0913 - the letter, what left with it, and whether it is sent again
    session: Session,
    proposal: Proposal,
    *,
    profile: Profile,
    case: dict[str, Any],
    messages: Sequence[Post] = (),
    again: str = "",
) -> None:
    """Send the letter of a `case.changed`, and the messages that left with it: one mail a release,
    however often the event comes.
    """
    letter = case["letter"]
    cause = f"{proposal.id}:{letter['released_at'].isoformat()}{again}"
    outcome = OUTCOMES.get(case["public_label"], "neutral")
    spoken = profile.in_language(proposal.language)
    office = office_at(spoken, case["contact"]["email"]) or office_of(spoken, proposal.answers)
    extra = {"letter": letter["text"], "neutral": ""}
    if recipient_of(proposal).is_verified:
        extra["messages"] = _in_one(messages)
    extra["signed_by"] = "\n".join(signature(letter["signed_by"], office))
    extra[outcome] = "yes"
    extra["status_url"] = _status_link(session, proposal)
    wanted = recipients.request(
        recipient_of(proposal), profile, kind="decision", cause=cause, extra=extra
    )
    request_mail(session, recipients.signed_by(case["contact"], profile, wanted))


def owner_assigned(
    session: Session, proposal: Proposal, *, profile: Profile, case: dict[str, Any], again: str = ""
) -> None:
    """Name the owner: one mail an owner, however often the case changes."""
    cause = f"{proposal.id}:{case['contact']['name']}{again}"
    promised = case["promises"]
    day = promised["meeting_by"] if case["first_reply_at"] else promised["first_reply_by"]
    is_ahead = day >= calendar.local_day(profile, now())  # a case that is late promises no day
    extra = {"next_by": dates.in_words(day, proposal.language) if is_ahead else ""}
    extra["status_url"] = _status_link(session, proposal)
    wanted = recipients.request(
        recipient_of(proposal), profile, kind="looked_after", cause=cause, extra=extra
    )
    request_mail(session, recipients.signed_by(case["contact"], profile, wanted))


def messages_from_office(  # noqa: PLR0913 - the messages, and what makes the mail one of a kind
    session: Session,
    proposal: Proposal,
    *,
    profile: Profile,
    messages: Sequence[Post],
    cause: str,
    again: str = "",
) -> None:
    """Announce messages of the office, with their words if the mailbox is verified."""
    is_verified = recipient_of(proposal).is_verified
    extra = {"author": messages[-1].author, "message": _in_one(messages) if is_verified else ""}
    extra["status_url"] = _status_link(session, proposal)
    cause = f"{proposal.id}:{cause}{again}"
    wanted = recipients.request(
        recipient_of(proposal), profile, kind="post_from_office", cause=cause, extra=extra
    )
    request_mail(session, recipients.with_case_contact(session, profile, wanted))


def _in_one(messages: Sequence[Post]) -> str:
    """The words of the messages, quoted; with their authors if there are several."""
    if len(messages) == 1:
        return quoted(messages[0].text)
    return "\n\n".join(f"{each.author}:\n{quoted(each.text)}" for each in messages)


def sign_in_link(
    session: Session,
    recipient: Recipient,
    *,
    profile: Profile,
    link_request: LinkRequest | None = None,
) -> None:
    """A new link to a proposal or draft, with a code for the page that `link_request` names."""
    token = recipients.token(session, recipient, lasts=link_tokens.SIGN_IN_LIFETIME)
    code = (
        link_tokens.add_code(session, token=token, link_request=link_request)
        if link_request
        else ""
    )
    extra = {"status_url": links.go(token), "code": code}
    cause = str(uuid4())
    wanted = recipients.request(recipient, profile, kind="sign_in_link", cause=cause, extra=extra)
    request_mail(session, recipients.with_case_contact(session, profile, wanted))


def _status_link(session: Session, proposal: Proposal) -> str:
    return recipients.link(session, recipient_of(proposal), lasts=link_tokens.STATUS_LIFETIME)
