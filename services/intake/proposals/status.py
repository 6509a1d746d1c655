"""The status of a proposal for its proposer: the case as review reports it, the mails as notify
does.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.intake.models import CaseView, MailStatus, Proposal
from services.intake.models.states import MailState, ProposalState, PublicLabel
from services.intake.notifications import mail_again, proposer_mail
from services.intake.proposals import departures
from shared import events, references
from shared.inbox.projection import bound_value, upsert
from shared.profile import Profile, versions
from shared.profile.offices import office_at, office_of

NOT_SENT, ON_ITS_WAY = "not sent", "on its way"  # of a receipt; else its MailState


def receive_case(session: Session, data: dict[str, Any]) -> None:
    """Handler of `case.changed.v1`: store a newer state; mail what left with it, or a new owner.

    What left is mailed even where a newer state came first. Raises NotYet for a missing message.
    """
    proposal = session.get(Proposal, data["proposal_id"])
    if proposal is not None and proposal.state == ProposalState.ERASED:
        return
    departed = data.get("departure")
    messages = departures.messages_of(session, departed)
    values = {
        "case_id": data["case_id"],
        "proposal_id": data["proposal_id"],
        "version": data["version"],
        "public_label": data["public_label"],
        "state": events.strict("case.changed.v1").dump(data),
    }
    of_proposal = CaseView.proposal_id == data["proposal_id"]
    before = session.scalar(select(CaseView.state).where(of_proposal))
    newer = upsert(session, CaseView, key="proposal_id", values=values)
    if proposal is None or not proposal.people or not (newer or departed):
        return
    profile = versions.of(session, version=proposal.profile_version)
    if departed:
        departures.request_mail(session, proposal, profile=profile, case=data, messages=messages)
    elif data["letter"] and "departure" not in data:  # of a review that names none yet
        proposer_mail.decision(session, proposal, profile=profile, case=data)
    elif _has_new_owner(before, data, office=_office(profile, proposal, data)):
        proposer_mail.owner_assigned(session, proposal, profile=profile, case=data)


def _office(profile: Profile, proposal: Proposal, case: dict[str, Any]) -> dict[str, Any]:
    """The office that has the case now."""
    passed_to = office_at(profile, case["contact"]["email"])
    return passed_to or office_of(profile, proposal.answers)


def _has_new_owner(
    before: dict[str, Any] | None, data: dict[str, Any], *, office: dict[str, Any]
) -> bool:
    """Whether the case has an owner whose name the proposer does not know yet. The receipt names
    the contact of the office, and later mails name each owner. A transfer to another office, with
    a contact of its own, is shown on the status page only.
    """
    known = {office["contact"]["name"], before["contact"]["name"] if before else ""}
    return data["public_label"] == PublicLabel.BEING_READ and data["contact"]["name"] not in known


def receive_mail(session: Session, data: dict[str, Any]) -> None:
    """Handler of `mail.changed.v1`: store the state of a mail about a proposal. The state of a mail
    about a draft is shown nowhere and would outlive the draft.

    A mail whose mailbox a person has released is asked for again: only we have its link.
    """
    if data.get("kept_back"):  # by trial mode
        data = {**data, "state": MailState.KEPT_BACK}
    newer = upsert(session, MailStatus, key="mail_id", values=data, only=_IS_KNOWN)
    if newer and data.get("released"):
        mail_again.request_again(session, data, view=_view_of(session, data["proposal_id"]))


_IS_KNOWN = exists().where(Proposal.id == bound_value("proposal_id"))


def public_status(session: Session, proposal: Proposal) -> dict[str, Any]:
    """What anybody with the reference may see: label, dates and contact, but no answers."""
    view = case_view(session, proposal)
    return {
        "reference": references.display(proposal.reference),
        "label": view.public_label if view else PublicLabel.RECEIVED,
        "first_reply_by": proposal.first_reply_by.isoformat(),
        "meeting_by": proposal.meeting_by.isoformat(),
        "decision_by": proposal.decision_by.isoformat(),
        "contact": view.state["contact"] if view else None,
        "receipt": receipt_state(session, proposal),
    }


def receipt_state(session: Session, proposal: Proposal) -> str:
    """The delivery state of the receipt, or whether there will be one."""
    if not proposal.receipt_asked:
        return NOT_SENT
    about = MailStatus.proposal_id == proposal.id, MailStatus.kind == "receipt"
    newest = select(MailStatus.state).where(*about).order_by(MailStatus.changed_at.desc())
    return session.scalar(newest.limit(1)) or ON_ITS_WAY


def last_mail_failed(session: Session, proposal: Proposal) -> bool:
    """Whether the newest mail about the proposal did not reach its proposer."""
    newest = select(MailStatus.state).where(MailStatus.proposal_id == proposal.id)
    state = session.scalar(newest.order_by(MailStatus.changed_at.desc()).limit(1))
    return state in (MailState.FAILED, MailState.BOUNCED, MailState.EXPIRED)


def case_view(session: Session, proposal: Proposal) -> CaseView | None:
    """The case as review reports it; None before its first event."""
    return _view_of(session, proposal.id)


def _view_of(session: Session, proposal_id: UUID) -> CaseView | None:
    return session.scalar(select(CaseView).where(CaseView.proposal_id == proposal_id))


def public_label(session: Session, proposal: Proposal, *, profile: Profile) -> str:
    """The public label in words."""
    view = case_view(session, proposal)
    value = view.public_label if view else PublicLabel.RECEIVED
    return profile.public_label(value, profile.language)["label"]
