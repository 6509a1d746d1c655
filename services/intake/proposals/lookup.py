"""Find the recipients of a new link by the address or reference that was typed."""

from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake.models import Draft, Person, Proposal, ProposalPerson
from services.intake.models.states import ProposalRole, ProposalState
from services.intake.notifications.recipients import Recipient, recipient_of, recipient_of_draft
from services.intake.proposals import submission
from shared import references
from shared.profile import Profile
from shared.profile.answers import values
from shared.tables import now


def recipients_for(session: Session, *, typed: str, profile: Profile) -> list[Recipient]:
    """The recipients of a link: of an address its newest proposal and draft, else one of these.

    Empty where nobody is known. The person who asked must not learn that.
    """
    if "@" in typed:
        return _of_address(session, typed, profile)
    proposal = submission.find(session, typed=typed)
    if proposal is not None:
        return [recipient_of(proposal)] if proposal.people else []
    return _drafts(session, Draft.reference == (references.parse(typed) or ""), profile)


def is_usable(typed: str) -> bool:
    """Whether this can be an address or a reference at all, known here or not."""
    if "@" not in typed:
        return references.parse(typed) is not None
    try:
        values.email({}, typed)
    except ValidationError:
        return False
    return True


def somebody(session: Session, *, profile: Profile) -> list[Recipient]:
    """Recipients of whom a request for a stranger makes the same work as for somebody known: those
    of the newest proposal. Nothing may be sent to them.
    """
    newest = (
        select(Person.address)
        .join(ProposalPerson, ProposalPerson.person_id == Person.id)
        .join(Proposal, Proposal.id == ProposalPerson.proposal_id)
        .where(ProposalPerson.role == ProposalRole.PROPOSER, Proposal.state != ProposalState.ERASED)
        .order_by(Proposal.submitted_at.desc())
        .limit(1)
    )
    address = session.scalar(newest)
    return _of_address(session, address, profile) if address else []


def mark_verified(session: Session, *, person_id: UUID) -> None:
    """Note that this person has opened a mailed link, so the mailbox is theirs."""
    person = session.get_one(Person, person_id)
    person.verified_at = person.verified_at or now()


def _of_address(session: Session, typed: str, profile: Profile) -> list[Recipient]:
    try:
        address = values.email({}, typed).casefold()
    except ValidationError:
        return []
    person = session.scalar(select(Person).where(Person.address == address))
    if person is None:
        return []
    newest = session.scalar(
        select(Proposal)
        .join(ProposalPerson)
        .where(ProposalPerson.person_id == person.id, ProposalPerson.role == ProposalRole.PROPOSER)
        .order_by(Proposal.submitted_at.desc())
        .limit(1)
    )
    recipients = [recipient_of(newest)] if newest is not None else []
    return recipients + _drafts(session, Draft.person_id == person.id, profile)


def _drafts(session: Session, condition: object, profile: Profile) -> list[Recipient]:
    unsent = select(Draft).where(condition, Draft.proposal_id.is_(None))  # type: ignore[arg-type]
    draft = session.scalar(unsent.order_by(Draft.changed_at.desc()).limit(1))
    if draft is None or draft.person_id is None:
        return []
    return [recipient_of_draft(draft, session.get_one(Person, draft.person_id), profile=profile)]
