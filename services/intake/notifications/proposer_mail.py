"""The mails that go to proposers: only intake knows their link, address and language.

Each holds a link that opens the page for thirty days, so that nobody needs an account, or a draft
for as long as it is kept; a link that was asked for just now lasts an hour.
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
from shared.offices import office_at, office_of
from shared.profile import Profile, value_of


class Recipient(NamedTuple):
    """What a mail is about: a proposal or a draft, and who gets it."""

    kind: str  # draft, proposal
    thing_id: UUID
    reference: str
    title: str
    language: str
    answers: dict[str, Any]
    person: Person
    name: str


def receipt(session: Session, proposal: Proposal, *, profile: Profile) -> None:
    """Say that the proposal has arrived, and what happens when."""
    more = {
        name: dates.in_words(getattr(proposal, name), proposal.language)
        for name in ("first_reply_by", "meeting_by", "decision_by")
    }
    more["answers"] = answer_copy.copy_text(profile, proposal.answers, language=proposal.language)
    more["status_url"] = _link(session, recipient_of(proposal), lasts=link_tokens.STATUS_LIFETIME)
    request = _request(
        recipient_of(proposal), profile, kind="receipt", cause=str(proposal.id), more=more
    )
    request_mail(session, request)


def decision(
    session: Session, proposal: Proposal, *, profile: Profile, case: dict[str, Any]
) -> None:
    """Send the letter of a `case.changed`: one mail a release, however often it is told."""
    letter = case["letter"]
    cause = f"{proposal.id}:{letter['released_at'].isoformat()}"
    more = {"letter": letter["text"], "signed_by": letter["signed_by"]}
    more["status_url"] = _link(session, recipient_of(proposal), lasts=link_tokens.STATUS_LIFETIME)
    request = _request(recipient_of(proposal), profile, kind="decision", cause=cause, more=more)
    request_mail(session, _signed_by(case["contact"], profile, request))


def owner_assigned(
    session: Session, proposal: Proposal, *, profile: Profile, case: dict[str, Any]
) -> None:
    """Say who looks after it: one mail a person, however often the case changes."""
    cause = f"{proposal.id}:{case['contact']['name']}"
    promised = case["promises"]
    day = promised["meeting_by"] if case["first_reply_at"] else promised["first_reply_by"]
    more = {"next_by": dates.in_words(day, proposal.language)}
    more["status_url"] = _link(session, recipient_of(proposal), lasts=link_tokens.STATUS_LIFETIME)
    request = _request(recipient_of(proposal), profile, kind="looked_after", cause=cause, more=more)
    request_mail(session, _signed_by(case["contact"], profile, request))


def message_from_office(  # noqa: PLR0913 - what was said, by whom, and how long the mail waits for more
    session: Session,
    proposal: Proposal,
    *,
    profile: Profile,
    post_id: UUID,
    author: str,
    not_before: datetime,
) -> None:
    """Say that the office has written; it waits for what else is written meanwhile."""
    cause = f"{proposal.id}:{post_id}"
    more = {"author": author}
    more["status_url"] = _link(session, recipient_of(proposal), lasts=link_tokens.STATUS_LIFETIME)
    request = _request(
        recipient_of(proposal), profile, kind="post_from_office", cause=cause, more=more
    )
    told = _with_case_contact(session, profile, request)
    request_mail(session, told._replace(not_before=not_before))


def draft_saved(
    session: Session, draft: Draft, person: Person, *, profile: Profile, left: int
) -> None:
    """The link to a draft, for a mailbox that it has not had before; `left`: questions to go."""
    more = _draft_variables(draft, profile=profile, left=left)
    wanted = recipient_of_draft(draft, person, profile=profile)
    more["status_url"] = _link(session, wanted, lasts=link_tokens.DRAFT_LIFETIME)
    request = _request(wanted, profile, kind="draft_saved", cause=str(uuid4()), more=more)
    request_mail(session, request)


def draft_reminder(  # noqa: PLR0913 - whose draft it is, how long nobody came, what is left
    session: Session,
    draft: Draft,
    person: Person,
    *,
    profile: Profile,
    idle: timedelta,
    left: int,
) -> None:
    """Say that a draft is waiting: one mail a draft, its last change and the days since."""
    more = _draft_variables(draft, profile=profile, left=left)
    wanted = recipient_of_draft(draft, person, profile=profile)
    more["status_url"] = _link(session, wanted, lasts=link_tokens.DRAFT_LIFETIME)
    cause = f"{draft.id}:{draft.changed_at.isoformat()}:{idle.days}"
    request = _request(wanted, profile, kind="draft_reminder", cause=cause, more=more)
    request_mail(session, request)


def draft_deleted(session: Session, draft: Draft, person: Person, *, profile: Profile) -> None:
    """Say that a draft is gone, and where one begins again."""
    wanted, more = recipient_of_draft(draft, person, profile=profile), {"start_url": links.start()}
    cause = str(draft.id)
    request_mail(session, _request(wanted, profile, kind="draft_deleted", cause=cause, more=more))


def sign_in_link(
    session: Session, wanted: Recipient, *, profile: Profile, asked: LinkRequest | None = None
) -> None:
    """A new link to a proposal or draft, for whoever has just asked for one; with a code where that
    can be typed on the page on which she asked.
    """
    token = _token(session, wanted, lasts=link_tokens.SIGN_IN_LIFETIME)
    code = link_tokens.add_code(session, token=token, asked=asked) if asked else ""
    more = {"status_url": links.go(token), "code": code}
    cause = str(uuid4())
    request = _request(wanted, profile, kind="sign_in_link", cause=cause, more=more)
    request_mail(session, _with_case_contact(session, profile, request))


def recipient_of(proposal: Proposal) -> Recipient:
    """A proposal, for its proposer."""
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
    """A draft, for whoever had its link mailed."""
    typed = {key: value for key, value in draft.typed.items() if isinstance(value, str)}
    known = {role: value_of(profile, typed, role) or "" for role in ("title", "contact_name")}
    return Recipient(
        kind=AccessKind.DRAFT,
        thing_id=draft.id,
        reference=draft.reference,
        title=" ".join(known["title"].split())[:80],
        language=draft.language,
        answers=typed,
        person=person,
        name=" ".join(known["contact_name"].split())[:120],
    )


def _draft_variables(draft: Draft, *, profile: Profile, left: int) -> dict[str, str]:
    until = calendar.local_day(profile, draft.changed_at + link_tokens.DRAFT_LIFETIME)
    return {
        "kept_until": dates.in_words(until, draft.language),
        "left": str(left) if left else "",
    }


def _link(session: Session, wanted: Recipient, *, lasts: timedelta) -> str:
    return links.go(_token(session, wanted, lasts=lasts))


def _token(session: Session, wanted: Recipient, *, lasts: timedelta) -> str:
    return link_tokens.issue(
        session,
        kind=wanted.kind,
        thing_id=wanted.thing_id,
        person_id=wanted.person.id,
        lasts=lasts,
    )


def _signed_by(contact: dict[str, str], profile: Profile, request: MailRequest) -> MailRequest:
    """The same mail, named after whoever looks after the case, in the office that has it now."""
    named = {"contact_name": contact["name"], "contact_email": contact["email"]}
    office = office_at(profile, contact["email"])
    if office is not None:
        named["office"] = office["label"]
    return request._replace(reply_to=contact, variables=request.variables | named)


def _with_case_contact(session: Session, profile: Profile, request: MailRequest) -> MailRequest:
    """The same, where review has told of the case; before that its answers say whose it is."""
    found = select(CaseView.state).where(CaseView.proposal_id == request.proposal_id)
    case = session.scalar(found)
    return _signed_by(case["contact"], profile, request) if case else request


def _request(
    wanted: Recipient, profile: Profile, *, kind: str, cause: str, more: dict[str, str]
) -> MailRequest:
    office = office_of(profile, wanted.answers)
    variables = {
        **proposal_variables(profile, office, reference=wanted.reference, title=wanted.title),
        "name": wanted.name,
        **more,
    }
    return MailRequest(
        kind=kind,
        dedupe_key=f"{kind}:{cause}",
        proposal_id=wanted.thing_id,
        reference=wanted.reference,
        person_id=wanted.person.id,
        to_address=wanted.person.address,
        to_name=wanted.name,
        reply_to=office["contact"],
        language=wanted.language,
        profile_version=profile.version,
        variables=variables,
    )
