"""The mails that go to proposers: only intake knows their link, address and language.

Each holds a link, so that nobody needs an account. It opens the status page for thirty days, or a
draft for as long as the draft is kept. A link that somebody asks for lasts an hour.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake.access import link_tokens
from services.intake.access.link_tokens import LinkRequest
from services.intake.models import CaseView, Draft, Person, Proposal
from services.intake.models.states import AccessKind
from services.intake.notifications import answer_copy
from shared import calendar, dates, links
from shared.mails.request import MailRequest, proposal_variables, request_mail
from shared.offices import office_at, office_of, signature
from shared.profile import Profile, value_of
from shared.tables import now


class Recipient(NamedTuple):
    """Who gets a mail, and the proposal or draft that it is about."""

    kind: AccessKind
    thing_id: UUID
    reference: str
    title: str
    language: str
    answers: dict[str, Any]
    person: Person
    name: str


def receipt(session: Session, proposal: Proposal, *, profile: Profile) -> None:
    """Confirm the proposal and name the promised dates."""
    extra = {
        name: dates.in_words(getattr(proposal, name), proposal.language)
        for name in ("first_reply_by", "meeting_by", "decision_by")
    }
    extra["answers"] = answer_copy.copy_text(profile, proposal.answers, language=proposal.language)
    extra["status_url"] = _status_link(session, proposal)
    recipient, cause = recipient_of(proposal), str(proposal.id)
    request = _request(recipient, profile, kind="receipt", cause=cause, extra=extra)
    request_mail(session, request)


def decision(
    session: Session, proposal: Proposal, *, profile: Profile, case: dict[str, Any]
) -> None:
    """Send the letter of a `case.changed`: one mail a release, however often the event comes."""
    letter = case["letter"]
    cause = f"{proposal.id}:{letter['released_at'].isoformat()}"
    spoken = profile.in_language(proposal.language)
    office = office_at(spoken, case["contact"]["email"]) or office_of(spoken, proposal.answers)
    extra = {"letter": letter["text"]}
    extra["signed_by"] = "\n".join(signature(letter["signed_by"], office))
    extra["status_url"] = _status_link(session, proposal)
    request = _request(recipient_of(proposal), profile, kind="decision", cause=cause, extra=extra)
    request_mail(session, _signed_by(case["contact"], profile, request))


def owner_assigned(
    session: Session, proposal: Proposal, *, profile: Profile, case: dict[str, Any]
) -> None:
    """Name the owner: one mail an owner, however often the case changes."""
    cause = f"{proposal.id}:{case['contact']['name']}"
    promised = case["promises"]
    day = promised["meeting_by"] if case["first_reply_at"] else promised["first_reply_by"]
    is_ahead = day >= calendar.local_day(profile, now())  # a case that is late promises no day
    extra = {"next_by": dates.in_words(day, proposal.language) if is_ahead else ""}
    extra["status_url"] = _status_link(session, proposal)
    owned = _request(recipient_of(proposal), profile, kind="looked_after", cause=cause, extra=extra)
    request_mail(session, _signed_by(case["contact"], profile, owned))


def message_from_office(  # noqa: PLR0913 - the message, its author, and how long the mail waits for more
    session: Session,
    proposal: Proposal,
    *,
    profile: Profile,
    post_id: UUID,
    author: str,
    not_before: datetime,
) -> None:
    """Announce a message of the office; the mail waits for further messages."""
    cause = f"{proposal.id}:{post_id}"
    extra = {"author": author, "status_url": _status_link(session, proposal)}
    recipient = recipient_of(proposal)
    request = _request(recipient, profile, kind="post_from_office", cause=cause, extra=extra)
    request = _with_case_contact(session, profile, request)
    request_mail(session, request._replace(not_before=not_before))


def draft_saved(
    session: Session, draft: Draft, person: Person, *, profile: Profile, missing: int
) -> None:
    """The link to a draft, for its new mailbox; `missing` counts the questions to answer."""
    extra = _draft_variables(draft, profile=profile, missing=missing)
    recipient = recipient_of_draft(draft, person, profile=profile)
    extra["status_url"] = _link(session, recipient, lasts=link_tokens.DRAFT_LIFETIME)
    request = _request(recipient, profile, kind="draft_saved", cause=str(uuid4()), extra=extra)
    request_mail(session, request)


def draft_reminder(  # noqa: PLR0913 - the draft, its person, how long it was idle, what is left
    session: Session,
    draft: Draft,
    person: Person,
    *,
    profile: Profile,
    idle: timedelta,
    missing: int,
) -> None:
    """Remind of a draft: one mail for each change and number of idle days."""
    extra = _draft_variables(draft, profile=profile, missing=missing)
    recipient = recipient_of_draft(draft, person, profile=profile)
    extra["status_url"] = _link(session, recipient, lasts=link_tokens.DRAFT_LIFETIME)
    cause = f"{draft.id}:{draft.changed_at.isoformat()}:{idle.days}"
    request = _request(recipient, profile, kind="draft_reminder", cause=cause, extra=extra)
    request_mail(session, request)


def draft_deleted(session: Session, draft: Draft, person: Person, *, profile: Profile) -> None:
    """Say that a draft was deleted, and where to start again."""
    recipient = recipient_of_draft(draft, person, profile=profile)
    extra, cause = {"start_url": links.start()}, str(draft.id)
    request = _request(recipient, profile, kind="draft_deleted", cause=cause, extra=extra)
    request_mail(session, request)


def sign_in_link(
    session: Session,
    recipient: Recipient,
    *,
    profile: Profile,
    link_request: LinkRequest | None = None,
) -> None:
    """A new link to a proposal or draft, with a code for the page that `link_request` names."""
    token = _token(session, recipient, lasts=link_tokens.SIGN_IN_LIFETIME)
    code = (
        link_tokens.add_code(session, token=token, link_request=link_request)
        if link_request
        else ""
    )
    extra = {"status_url": links.go(token), "code": code}
    cause = str(uuid4())
    request = _request(recipient, profile, kind="sign_in_link", cause=cause, extra=extra)
    request_mail(session, _with_case_contact(session, profile, request))


def recipient_of(proposal: Proposal) -> Recipient:
    """The proposer of a proposal."""
    proposer = proposal.people[0]
    return Recipient(
        kind=AccessKind.PROPOSAL,
        thing_id=proposal.id,
        reference=proposal.reference,
        title=proposal.title,
        language=proposal.language,
        answers=proposal.answers,
        person=proposer.person,
        name=proposer.name,
    )


def recipient_of_draft(draft: Draft, person: Person, *, profile: Profile) -> Recipient:
    """The person who had the link to a draft mailed."""
    answers = {key: value for key, value in draft.typed.items() if isinstance(value, str)}
    texts = {role: value_of(profile, answers, role) or "" for role in ("title", "contact_name")}
    return Recipient(
        kind=AccessKind.DRAFT,
        thing_id=draft.id,
        reference=draft.reference,
        title=" ".join(texts["title"].split())[:80],
        language=draft.language,
        answers=answers,
        person=person,
        name=" ".join(texts["contact_name"].split())[:120],
    )


def _draft_variables(draft: Draft, *, profile: Profile, missing: int) -> dict[str, str]:
    until = calendar.local_day(profile, draft.changed_at + link_tokens.DRAFT_LIFETIME)
    return {
        "kept_until": dates.in_words(until, draft.language),
        "left": str(missing) if missing else "",
    }


def _status_link(session: Session, proposal: Proposal) -> str:
    return _link(session, recipient_of(proposal), lasts=link_tokens.STATUS_LIFETIME)


def _link(session: Session, recipient: Recipient, *, lasts: timedelta) -> str:
    return links.go(_token(session, recipient, lasts=lasts))


def _token(session: Session, recipient: Recipient, *, lasts: timedelta) -> str:
    return link_tokens.issue(
        session,
        kind=recipient.kind,
        thing_id=recipient.thing_id,
        person_id=recipient.person.id,
        lasts=lasts,
    )


def _signed_by(contact: dict[str, str], profile: Profile, request: MailRequest) -> MailRequest:
    """The same mail with the contact of the case, in the office that has it now."""
    names = {"contact_name": contact["name"], "contact_email": contact["email"]}
    office = office_at(profile, contact["email"])
    if office is not None:
        names["office"] = office["label"]
    return request._replace(reply_to=contact, variables=request.variables | names)


def _with_case_contact(session: Session, profile: Profile, request: MailRequest) -> MailRequest:
    """The same mail with the contact of the case, once review has one; else of the office."""
    state = select(CaseView.state).where(CaseView.proposal_id == request.proposal_id)
    case = session.scalar(state)
    return _signed_by(case["contact"], profile, request) if case else request


def _request(
    recipient: Recipient, profile: Profile, *, kind: str, cause: str, extra: dict[str, str]
) -> MailRequest:
    office = office_of(profile, recipient.answers)
    variables = {
        **proposal_variables(profile, office, reference=recipient.reference, title=recipient.title),
        "name": recipient.name,
        **extra,
    }
    return MailRequest(
        kind=kind,
        dedupe_key=f"{kind}:{cause}",
        proposal_id=recipient.thing_id,
        reference=recipient.reference,
        person_id=recipient.person.id,
        to_address=recipient.person.address,
        to_name=recipient.name,
        reply_to=office["contact"],
        language=recipient.language,
        profile_version=profile.version,
        variables=variables,
    )
