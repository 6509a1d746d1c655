"""Who gets a mail, the link in it, and the request for it.

Strangers can name any mailbox. So a mail to a mailbox whose owner never used a link of ours holds
nothing that was typed: no title, no name, no answer.
"""

from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake.access import link_tokens
from services.intake.models import CaseView, Draft, Person, Proposal
from services.intake.models.states import AccessKind
from shared import links
from shared.mails.request import MailRequest, proposal_variables
from shared.profile import Profile, value_of
from shared.profile.offices import office_at, office_of


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

    @property
    def is_verified(self) -> bool:
        """Whether the owner of the mailbox has ever used a link of ours."""
        return self.person.verified_at is not None


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


def link(session: Session, recipient: Recipient, *, lasts: timedelta) -> str:
    """The address of a new link for this recipient."""
    return links.go(token(session, recipient, lasts=lasts))


def token(session: Session, recipient: Recipient, *, lasts: timedelta) -> str:
    """The secret of a new link for this recipient."""
    return link_tokens.issue(
        session,
        kind=recipient.kind,
        thing_id=recipient.thing_id,
        person_id=recipient.person.id,
        lasts=lasts,
    )


def request(
    recipient: Recipient, profile: Profile, *, kind: str, cause: str, extra: dict[str, str]
) -> MailRequest:
    """The request for this mail, with nothing typed in it unless the mailbox is verified."""
    office = office_of(profile, recipient.answers)
    title, name = (recipient.title, recipient.name) if recipient.is_verified else ("", "")
    variables = {
        **proposal_variables(profile, office, reference=recipient.reference, title=title),
        "name": name,
        **extra,
    }
    return MailRequest(
        kind=kind,
        dedupe_key=f"{kind}:{cause}",
        proposal_id=recipient.thing_id,
        reference=recipient.reference,
        person_id=recipient.person.id,
        to_address=recipient.person.address,
        to_name=name,
        reply_to=office["contact"],
        language=recipient.language,
        profile_version=profile.version,
        variables=variables,
    )


def signed_by(contact: dict[str, str], profile: Profile, wanted: MailRequest) -> MailRequest:
    """The same mail with the contact of the case, in the office that has it now."""
    names = {"contact_name": contact["name"], "contact_email": contact["email"]}
    office = office_at(profile, contact["email"])
    if office is not None:
        names["office"] = office["label"]
    return wanted._replace(reply_to=contact, variables=wanted.variables | names)


def with_case_contact(session: Session, profile: Profile, wanted: MailRequest) -> MailRequest:
    """The same mail with the contact of the case, once review has one; else of the office."""
    state = select(CaseView.state).where(CaseView.proposal_id == wanted.proposal_id)
    case = session.scalar(state)
    return signed_by(case["contact"], profile, wanted) if case else wanted
