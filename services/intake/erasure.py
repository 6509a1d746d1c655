"""A person asks to be forgotten: here first, then wherever her proposals and mails went."""

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
)
from services.intake.models.states import ProposalRole, ProposalState
from services.intake.proposals import submission
from shared import db, outbox
from shared.inbox import tombstones
from shared.profile import versions
from shared.tables import now


def erase(session: Session, *, address: str) -> UUID | None:
    """Forget the person of this mailbox; return her id, or None where there is nobody.

    Her own proposals lose every answer. Where she is only named as a co-proposer, her entry goes
    and the rest stays with its proposer.
    """
    person = session.scalar(select(Person).where(Person.address == address.casefold()))
    named = drafts.drafts_naming(session, address=address.casefold())
    if person is None and not named:
        return None
    person = person or submission.person(session, address=address)
    standing = session.scalars(
        select(ProposalPerson).where(ProposalPerson.person_id == person.id)
    ).all()
    own = [one.proposal_id for one in standing if one.role == ProposalRole.PROPOSER]
    elsewhere = [one.proposal_id for one in standing if one.role != ProposalRole.PROPOSER]
    own_drafts = _drafts(session, person, own=own, named=named)
    gone = [*own, *(draft.id for draft in own_drafts)]
    tombstones.set_tombstones(session, person_id=person.id, proposal_ids=gone)
    drafts.delete_drafts(session, own_drafts)
    session.execute(delete(LinkToken).where(LinkToken.person_id == person.id))
    for proposal_id in own:
        _empty(session, session.get_one(Proposal, proposal_id))
    session.execute(delete(ProposalPerson).where(ProposalPerson.person_id == person.id))
    for proposal_id in elsewhere:
        _take_off(session, session.get_one(Proposal, proposal_id), address=person.address)
    session.delete(person)
    data = {"person_id": person.id, "version": 1, "proposal_ids": gone, "erased_at": now()}
    outbox.add(session, "person.erased.v1", data)
    return person.id


def _drafts(
    session: Session, person: Person, *, own: list[UUID], named: list[Draft]
) -> list[Draft]:
    """The drafts that are hers; from those of others her entry goes."""
    theirs = or_(Draft.person_id == person.id, Draft.proposal_id.in_(own))
    hers = list(session.scalars(select(Draft).where(theirs)))
    for draft in named:
        if draft not in hers:
            draft.typed = drafts.without_address(draft.typed, person.address)
    session.flush()
    still = drafts.drafts_naming(session, address=person.address)
    return hers + [draft for draft in still if draft not in hers]


def _empty(session: Session, proposal: Proposal) -> None:
    proposal.state, proposal.title, proposal.answers = ProposalState.ERASED, "", {}
    for table in (ProposalPerson, Post, CaseView, MailStatus):
        session.execute(delete(table).where(table.proposal_id == proposal.id))
    for opener in (LinkToken, BrowserGrant):
        session.execute(delete(opener).where(opener.thing_id == proposal.id))


def _take_off(session: Session, proposal: Proposal, *, address: str) -> None:
    profile = versions.of(session, version=proposal.profile_version)
    answers = dict(proposal.answers)
    for question in profile.questions:
        listed = answers.get(question["key"]) if question["type"] == "people" else None
        if isinstance(listed, list):
            left = [one for one in listed if one["email"].casefold() != address]
            answers |= {question["key"]: left} if left else {}
            if not left:
                del answers[question["key"]]
    session.expire(proposal, ["people"])
    proposal.answers, proposal.version, proposal.changed_at = answers, proposal.version + 1, now()
    if proposal.state == ProposalState.SUBMITTED:
        proposal.state = ProposalState.AMENDED
    submission.emit_proposal_changed(session, proposal)


def receive_forgotten(session: Session, data: dict[str, Any]) -> None:
    """Handler of `person.forgotten.v1`: a service has done its part."""
    row = {name: data[name] for name in ("person_id", "service", "forgotten_at")}
    session.execute(db.insert(session, ErasureReport).values(row).on_conflict_do_nothing())
