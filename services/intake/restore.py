"""After a restore: tell the others again what intake holds, take back what they still hold.

review holds every proposal whole, so a lost one comes back as it was. Drafts, links and what was
typed since are in no other service; a mail about them is the only trace.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from services.intake import erasure
from services.intake.drafts import drafts
from services.intake.models import (
    CaseView,
    Draft,
    MailStatus,
    Person,
    Post,
    Proposal,
    ProposalPerson,
)
from services.intake.models.states import ProposalRole, ProposalState
from services.intake.proposals import status, submission
from shared import db, events, outbox, posts
from shared.events import NotYet
from shared.inbox import tombstones
from shared.mails.kinds import KINDS
from shared.mails.reasons import Reason
from shared.profile import value_of, versions
from shared.restore import inventory, restores
from shared.restore.announcements import PROFILES, Announced, Announcements
from shared.restore.inventory import Holdings, buckets
from shared.restore.mails import is_unheard, known_mails, unheard_mails
from shared.tables import Tombstone, now

COMES_BACK_WITHIN = timedelta(days=1)
SOME_OF = ("states of mails",)  # only those about a proposal
_NOT_ERASED = Proposal.state != ProposalState.ERASED


def hold(session: Session, before: datetime) -> Holdings:
    """What intake holds, of its own things those unchanged since `before`."""
    unchanged = (_NOT_ERASED, Proposal.changed_at <= before)
    case = (CaseView.proposal_id, CaseView.version)
    is_known = exists().where(Proposal.id == CaseView.proposal_id, _NOT_ERASED)
    return inventory.common(session, before) | {
        "proposals": buckets(session, Proposal.id, Proposal.version, *unchanged),
        "cases": buckets(session, *case, is_known),
        "messages": buckets(session, Post.id, 0, Post.said_at <= before),
        "states of mails": buckets(session, MailStatus.mail_id, MailStatus.version),
    }


def _proposals(session: Session) -> Sequence[Any]:
    return session.scalars(
        select(Proposal.id).where(_NOT_ERASED).order_by(Proposal.submitted_at)
    ).all()


def _tell_proposal(session: Session, proposal_id: Any) -> None:
    """The proposal, and its case as the proposer knows it."""
    proposal = session.get_one(Proposal, proposal_id)
    data = submission.state_of(proposal)
    view = status.case_view(session, proposal)
    if view is not None:
        data["known_case"] = events.tolerant("case.changed.v1").load(view.state)
    outbox.add(session, "proposal.changed.v1", data, at=proposal.changed_at)


def _messages(session: Session) -> Sequence[Any]:
    return session.scalars(select(Post.id).order_by(Post.said_at)).all()


def _tell_message(session: Session, post_id: Any) -> None:
    posts.announce(session, session.get_one(Post, post_id))


def receive_case(session: Session, data: dict[str, Any]) -> None:
    """Handler of `case.changed.v1`: take back a lost proposal that it brings, then the case."""
    known = data.pop("known_proposal", None)
    if known is not None:
        _take_back(session, known)
    status.receive_case(session, data)


def _take_back(session: Session, known: dict[str, Any]) -> None:
    """Store the proposal as review holds it, unless it is here in this version or a newer one.

    One that changed here since the restore stays as it is, above the version of review.
    """
    proposal = session.get(Proposal, known["proposal_id"], with_for_update=True)
    if proposal is not None and proposal.state == ProposalState.ERASED:
        return
    if _proposer_is_erased(session, known):
        _erase_elsewhere(session, known)
        return
    if proposal is None:
        proposal = Proposal(id=known["proposal_id"], reference=known["reference"], title="")
        _copy(session, proposal, known)
        session.add(proposal)
        session.flush()
        _set_people(session, proposal, known["people"])
        is_draft = Draft.reference == proposal.reference
        session.execute(update(Draft).where(is_draft).values(proposal_id=proposal.id))
    elif proposal.version >= known["version"]:
        return
    elif _changed_since_restore(session, proposal):
        proposal.version = known["version"] + 1
        submission.emit_proposal_changed(session, proposal)
        return
    else:
        _copy(session, proposal, known)
        _set_people(session, proposal, known["people"])
    restores.note_return(session, "proposals", proposal.id, at=known["submitted_at"])


def _proposer_is_erased(session: Session, known: dict[str, Any]) -> bool:
    return any(
        member["role"] == ProposalRole.PROPOSER and session.get(Tombstone, member["person_id"])
        for member in known["people"]
    )


def _erase_elsewhere(session: Session, known: dict[str, Any]) -> None:
    """Have a proposal erased that only review still holds: its copy is older than the erasure."""
    person_id, proposal_ids = known["people"][0]["person_id"], [known["proposal_id"]]
    tombstones.set_tombstones(session, person_id=person_id, proposal_ids=proposal_ids)
    data = {"person_id": person_id, "version": 1, "proposal_ids": proposal_ids}
    outbox.add(session, "person.erased.v1", data | {"erased_at": now()})


def _changed_since_restore(session: Session, proposal: Proposal) -> bool:
    restore = restores.last(session)
    return restore is not None and proposal.changed_at > restore.restored_at


def _copy(session: Session, proposal: Proposal, known: dict[str, Any]) -> None:
    profile = versions.of(session, version=known["profile_version"])
    names = ("version", "state", "branch", "language", "profile_version", "answers")
    for name in (*names, "submitted_at", "changed_at"):
        setattr(proposal, name, known[name])
    for name, day in known["promises"].items():
        setattr(proposal, name, day)
    proposal.title = value_of(profile, known["answers"], "title") or ""


def _set_people(session: Session, proposal: Proposal, members: list[dict[str, Any]]) -> None:
    """The people on the proposal, without those who were erased. If one has another id here,
    because they came back before their proposal, review is told.
    """
    session.execute(delete(ProposalPerson).where(ProposalPerson.proposal_id == proposal.id))
    moved = False
    for place, member in enumerate(members):
        if session.get(Tombstone, member["person_id"]) is not None:
            continue
        row = {"id": member["person_id"], "address": member["address"].casefold()}
        db.insert_new(session, Person, values=row | {"created_at": now()})
        person = session.scalars(select(Person).where(Person.address == row["address"])).one()
        moved = moved or person.id != member["person_id"]
        names = {name: member[name] for name in ("role", "state", "name")}
        session.add(
            ProposalPerson(proposal_id=proposal.id, person_id=person.id, place=place, **names)
        )
    session.flush()
    session.expire(proposal, ["people"])
    if moved:
        proposal.version += 1
        submission.emit_proposal_changed(session, proposal)


def receive_mail(session: Session, data: dict[str, Any]) -> None:
    """Handler of `mail.changed.v1`; in the lost time its mail is a trace of a draft or a link.

    Raises NotYet for a mail about a proposal that may still come back.
    """
    if is_unheard(data):
        return
    status.receive_mail(session, data)
    thing, kind, restore = data["proposal_id"], KINDS.get(data["kind"]), restores.last(session)
    if thing is None or kind is None or restore is None:
        return
    if not _is_here(session, thing):
        if data["kind"] == "draft_deleted":
            return
        if kind.reason == Reason.LINK or "draft" in data["kind"]:
            restores.note_loss(session, "drafts", thing, at=data["changed_at"])
        elif restore.restored_at > now() - COMES_BACK_WITHIN:
            raise NotYet(f"proposal {thing}")
    if "status_url" in kind.secrets:
        restores.note_loss(session, "links", data["mail_id"], at=data["changed_at"])


def _is_here(session: Session, thing: UUID) -> bool:
    return any(session.get(table, thing) is not None for table in (Draft, Proposal, Tombstone))


def receive_erased(session: Session, data: dict[str, Any]) -> None:
    """Handler of `person.erased.v1` of a partner that remembers somebody whom intake has back."""
    for subject in {data["person_id"], *data["proposal_ids"]}:
        erase_again(session, subject)


def erase_again(session: Session, subject: UUID) -> None:
    """Erase this person, proposal or draft, which was erased before the restore."""
    if session.get(Tombstone, subject) is not None:
        return
    person, proposal = session.get(Person, subject), session.get(Proposal, subject)
    if person is not None:
        erasure.erase(session, address=person.address)
    elif proposal is not None and proposal.state != ProposalState.ERASED:
        erasure.erase_proposal(session, proposal)
    elif (draft := session.get(Draft, subject)) is not None:
        drafts.delete_drafts(session, [draft])
    tombstones.set_tombstones(session, person_id=subject, proposal_ids=[])


ANNOUNCEMENTS = Announcements(
    [
        PROFILES,
        Announced("proposals", _proposals, _tell_proposal),
        Announced("messages", _messages, _tell_message),
        known_mails(MailStatus),
        unheard_mails(MailStatus),
    ],
    erase=erase_again,
)
