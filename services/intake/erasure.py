"""Erase a person: here first, then in every service that received their data."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from services.intake.drafts import drafts
from services.intake.models import (
    BrowserGrant,
    CaseView,
    Draft,
    ErasureReport,
    LinkToken,
    MailStatus,
    Person,
    Post,
    Proposal,
    ProposalPerson,
    UnsentMessage,
)
from services.intake.models.states import ProposalRole, ProposalState
from services.intake.proposals import submission
from shared import db, outbox
from shared.inbox import tombstones
from shared.profile import versions
from shared.tables import now


def erase(session: Session, *, address: str) -> UUID | None:
    """Erase the person with this mailbox; return their id, or None if no one has it.

    Their own proposals lose every answer. Where they are only a co-proposer, their entry is removed
    and the rest stays with its proposer.
    """
    person = session.scalar(select(Person).where(Person.address == address.casefold()))
    named = drafts.drafts_naming(session, address=address.casefold())
    if person is None and not named:
        return None
    person = person or submission.person(session, address=address)
    rows = session.scalars(
        select(ProposalPerson).where(ProposalPerson.person_id == person.id)
    ).all()
    own = [row.proposal_id for row in rows if row.role == ProposalRole.PROPOSER]
    shared = [row.proposal_id for row in rows if row.role != ProposalRole.PROPOSER]
    own_drafts = _own_drafts(session, person, own=own, named=named)
    erased = [*own, *(draft.id for draft in own_drafts)]
    tombstones.set_tombstones(session, person_id=person.id, proposal_ids=erased)
    drafts.delete_drafts(session, own_drafts)
    session.execute(delete(LinkToken).where(LinkToken.person_id == person.id))
    for proposal_id in own:
        erase_proposal(session, session.get_one(Proposal, proposal_id))
    session.execute(delete(ProposalPerson).where(ProposalPerson.person_id == person.id))
    for proposal_id in shared:
        _remove_person(session, session.get_one(Proposal, proposal_id), address=person.address)
    session.delete(person)
    data = {"person_id": person.id, "version": 1, "proposal_ids": erased, "erased_at": now()}
    outbox.add(session, "person.erased.v1", data)
    return person.id


def _own_drafts(
    session: Session, person: Person, *, own: list[UUID], named: list[Draft]
) -> list[Draft]:
    """The drafts of this person; their entry is removed from the drafts of others."""
    is_own = or_(Draft.person_id == person.id, Draft.proposal_id.in_(own))
    own_drafts = list(session.scalars(select(Draft).where(is_own)))
    for draft in named:
        if draft not in own_drafts:
            draft.typed = drafts.without_address(draft.typed, person.address)
            draft.unsettled = drafts.without_address(draft.unsettled, person.address)
    session.flush()
    still_named = drafts.drafts_naming(session, address=person.address)
    return own_drafts + [draft for draft in still_named if draft not in own_drafts]


def erase_proposal(session: Session, proposal: Proposal) -> None:
    """Delete the content of this proposal, its messages and its links."""
    proposal.state, proposal.title, proposal.answers = ProposalState.ERASED, "", {}
    for table in (ProposalPerson, Post, UnsentMessage, CaseView, MailStatus):
        session.execute(delete(table).where(table.proposal_id == proposal.id))
    for access in (LinkToken, BrowserGrant):
        session.execute(delete(access).where(access.thing_id == proposal.id))


def _remove_person(session: Session, proposal: Proposal, *, address: str) -> None:
    profile = versions.of(session, version=proposal.profile_version)
    answers = dict(proposal.answers)
    for question in profile.questions:
        people = answers.get(question["key"]) if question["type"] == "people" else None
        if isinstance(people, list):
            others = [person for person in people if person["email"].casefold() != address]
            answers |= {question["key"]: others} if others else {}
            if not others:
                del answers[question["key"]]
    session.expire(proposal, ["people"])
    proposal.answers, proposal.version, proposal.changed_at = answers, proposal.version + 1, now()
    if proposal.state == ProposalState.SUBMITTED:
        proposal.state = ProposalState.AMENDED
    submission.emit_proposal_changed(session, proposal)


def receive_forgotten(session: Session, data: dict[str, Any]) -> None:
    """Handler of `person.forgotten.v1`: a service has erased the person."""
    row = {name: data[name] for name in ("person_id", "service", "forgotten_at")}
    session.execute(db.insert(session, ErasureReport).values(row).on_conflict_do_nothing())
