"""Find the recipients of a new link by the address or reference that was typed."""

from uuid import UUID

from marshmallow import ValidationError
from sqlalchemy import ColumnElement, and_, or_, select
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
    """The recipients of a link: of an address its newest proposal and drafts, else one of these.

    A draft goes to the mailbox that had a link to it before, else to the contact typed in it.
    Empty where nobody is known. The person who asked must not learn that.
    """
    if "@" in typed:
        return _of_address(session, typed, profile)
    proposal = submission.find(session, typed=typed)
    if proposal is not None:
        return [recipient_of(proposal)] if proposal.people else []
    return _newest_draft(session, profile, Draft.reference == (references.parse(typed) or ""))


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
    of the newest proposal, else of the newest draft. Nothing may be sent to them.
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
    if address:
        return _of_address(session, address, profile)
    reachable = or_(Draft.person_id.is_not(None), Draft.contact.is_not(None))
    return _newest_draft(session, profile, reachable)


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
    of_contact = and_(Draft.contact == address, Draft.person_id.is_(None))
    typed_in = _newest_draft(session, profile, of_contact)
    if person is None:
        return typed_in
    newest = session.scalar(
        select(Proposal)
        .join(ProposalPerson)
        .where(ProposalPerson.person_id == person.id, ProposalPerson.role == ProposalRole.PROPOSER)
        .order_by(Proposal.submitted_at.desc())
        .limit(1)
    )
    recipients = [recipient_of(newest)] if newest is not None else []
    mailed = _newest_draft(session, profile, Draft.person_id == person.id)
    return recipients + mailed + typed_in


def _newest_draft(
    session: Session, profile: Profile, condition: ColumnElement[bool]
) -> list[Recipient]:
    """The mailbox of the newest of these drafts that is not sent. Its person may not be stored."""
    unsent = select(Draft).where(condition, Draft.proposal_id.is_(None))
    draft = session.scalar(unsent.order_by(Draft.changed_at.desc()).limit(1))
    if draft is None or not (draft.person_id or draft.contact):
        return []
    person = session.get(Person, draft.person_id) if draft.person_id else None
    if person is None:
        stored = select(Person).where(Person.address == draft.contact)
        person = session.scalar(stored) or Person(address=draft.contact)
    return [recipient_of_draft(draft, person, profile=profile)]
