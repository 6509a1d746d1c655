"""Store a proposal, announce it to review and request its receipt, in one transaction."""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from services.intake.models import Draft, Person, Proposal, ProposalPerson
from services.intake.models.states import MembershipState, ProposalRole, ProposalState
from services.intake.notifications import proposer_mail
from shared import calendar, db, logs, outbox, references
from shared.profile import Profile, branch_of, value_of

log = logs.logger(__name__)


class Submission(NamedTuple):
    """Answers that the schema of the form has accepted.

    `reference` is that of the draft. `trusted` is False where a field that people cannot see was
    filled in; the office sees it as suspected spam, and no mail is sent. `receipt` is False where
    the mailbox has reached its limit of mails for this hour.
    """

    form: str
    language: str
    answers: dict[str, Any]
    reference: str | None = None
    trusted: bool = True
    receipt: bool = True


def store(session: Session, sending: Submission, *, profile: Profile, at: datetime) -> Proposal:
    """Store the proposal with its people and promised dates, announce it, request the receipt."""
    answers = sending.answers
    promised = calendar.promises(profile, at)
    proposal = Proposal(
        id=uuid4(),
        reference=sending.reference or free_reference(session),
        version=1,
        state=ProposalState.SUBMITTED if sending.trusted else ProposalState.SUSPECTED_SPAM,
        branch=branch_of(profile, answers),
        language=sending.language,
        profile_version=profile.version,
        title=value_of(profile, answers, "title"),
        answers=answers,
        receipt_asked=sending.trusted and sending.receipt,
        submitted_at=at,
        changed_at=at,
        **promised,
    )
    proposal.people = _people(session, profile, answers)
    session.add(proposal)
    emit_proposal_changed(session, proposal)
    if proposal.receipt_asked:
        proposer_mail.receipt(session, proposal, profile=profile)
    log.info(
        "proposal received",
        reference=proposal.reference,
        branch=proposal.branch,
        state=proposal.state,
    )
    return proposal


def emit_proposal_changed(session: Session, proposal: Proposal) -> None:
    """Announce the whole state of the proposal to review."""
    outbox.add(session, "proposal.changed.v1", state_of(proposal))


def state_of(proposal: Proposal) -> dict[str, Any]:
    """The data of `proposal.changed.v1`."""
    people = [
        {
            "person_id": member.person_id,
            "name": member.name,
            "address": member.person.address,
            "role": member.role,
            "state": member.state,
        }
        for member in proposal.people
    ]
    return {
        "proposal_id": proposal.id,
        "version": proposal.version,
        "reference": proposal.reference,
        "state": proposal.state,
        "branch": proposal.branch,
        "language": proposal.language,
        "profile_version": proposal.profile_version,
        "people": people,
        "answers": proposal.answers,
        "files": [],
        "promises": promises_of(proposal),
        "submitted_at": proposal.submitted_at,
        "changed_at": proposal.changed_at,
    }


def promises_of(proposal: Proposal) -> dict[str, Any]:
    """The dates that were promised to the proposer."""
    return {
        "first_reply_by": proposal.first_reply_by,
        "meeting_by": proposal.meeting_by,
        "decision_by": proposal.decision_by,
    }


def find(session: Session, *, typed: str) -> Proposal | None:
    """The proposal with this reference, whatever its case, spaces and hyphens."""
    reference = references.parse(typed)
    if reference is None:
        return None
    return session.scalar(select(Proposal).where(Proposal.reference == reference))


def free_reference(session: Session) -> str:
    """A reference that no proposal and no draft has."""
    while True:
        reference = references.new()
        in_use = [exists().where(table.reference == reference) for table in (Proposal, Draft)]
        if not session.scalar(select(or_(*in_use))):
            return reference


def _people(session: Session, profile: Profile, answers: dict[str, Any]) -> list[ProposalPerson]:
    """The proposer first, then each co-proposer once, as invited."""
    named = [(value_of(profile, answers, "contact_name"), value_of(profile, answers, "contact"))]
    for question in profile.questions:
        rows = answers.get(question["key"]) if question["type"] == "people" else None
        if isinstance(rows, list):
            named += [(row["name"], row["email"]) for row in rows]
    mailboxes = people(session, addresses=[address for _, address in named])
    members: dict[UUID, ProposalPerson] = {}
    for place, (name, address) in enumerate(named):
        person = mailboxes[address.casefold()]
        members.setdefault(
            person.id,
            ProposalPerson(
                person_id=person.id,
                person=person,
                role=ProposalRole.CO_PROPOSER if place else ProposalRole.PROPOSER,
                state=MembershipState.INVITED if place else MembershipState.ACTIVE,
                name=name,
                place=place,
            ),
        )
    return list(members.values())


def people(session: Session, *, addresses: Collection[str]) -> dict[str, Person]:
    """The person of each mailbox by its casefolded address, created where there is none.

    One statement. It updates existing rows to their own value, because only then the database
    returns them. Addresses are sorted, so that two requests cannot deadlock.
    """
    folded = sorted({address.casefold() for address in addresses})
    rows = session.scalars(
        _put_people(session.get_bind().dialect.name),
        [{"address": address} for address in folded],
        execution_options={"populate_existing": True},
    )
    return {person.address: person for person in rows}


@cache
def _put_people(dialect: str) -> Any:
    insertion = db.insert_in(dialect, Person)
    return insertion.on_conflict_do_update(
        index_elements=[Person.address], set_={"address": insertion.excluded.address}
    ).returning(Person)


def person(session: Session, *, address: str) -> Person:
    """The person of this mailbox, created where there is none; safe against a race."""
    return people(session, addresses=[address])[address.casefold()]
