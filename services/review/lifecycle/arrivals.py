"""A proposal that arrives from intake opens a case, or updates the case it has."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.review.cases import audit, search_index
from services.review.cases.audit import AuditEntry
from services.review.lifecycle import outgoing, publication, taken_back
from services.review.models import Case, Letter
from services.review.models.states import CaseEvent, CaseState, ProposalState
from services.review.notifications import case_mail
from shared import logs
from shared.profile import Profile, value_of, versions
from shared.profile.offices import office_of
from shared.restore import restores
from shared.tables import now

log = logs.logger(__name__)

# State of the proposal at intake -> state of the case, its public label, entry of the audit.
_STATES: dict[ProposalState, tuple[CaseState, str, CaseEvent]] = {
    ProposalState.SUBMITTED: (CaseState.TRIAGE, "received", CaseEvent.RECEIVED),
    ProposalState.AMENDED: (CaseState.TRIAGE, "received", CaseEvent.AMENDED),
    ProposalState.WITHDRAWN: (CaseState.WITHDRAWN, "withdrawn", CaseEvent.WITHDRAWN),
    ProposalState.SUSPECTED_SPAM: (CaseState.SUSPECTED_SPAM, "received", CaseEvent.HELD_AS_SPAM),
}


def receive_proposal(session: Session, data: dict[str, Any]) -> None:
    """Handler of `proposal.changed.v1`: open a case, or apply a newer state of the proposal.

    Raises NotYet while the profile version of the answers is unknown here.
    """
    profile = versions.of(session, version=data["profile_version"])
    case = session.scalar(
        select(Case).where(Case.proposal_id == data["proposal_id"]).with_for_update()
    )
    known = data.get("known_case")
    taken = case is not None and taken_back.take_back(session, case, known, profile=profile)
    if case is not None and case.proposal_version >= data["version"]:
        if taken:
            publication.publish(session, case)
        return
    is_new = case is None
    if case is None:
        case = _opened(data, known)
        session.add(case)
    before = case.state
    _copy_proposal(case, data, profile)
    session.flush()
    audit.record(session, case, AuditEntry(_STATES[data["state"]][2]), was=before)
    if case.state == CaseState.WITHDRAWN:
        outgoing.stop(session, case)
        session.execute(
            delete(Letter).where(Letter.case_id == case.id, Letter.released_at.is_(None))
        )
    if is_new:
        taken_back.take_back(session, case, known, profile=profile)
        restores.note_return(session, "cases", case.id, at=data["submitted_at"])
    search_index.update(session, case, profile=profile)
    publication.emit_case_changed(session, case, profile=profile)
    if is_new and case.state == CaseState.TRIAGE:
        case_mail.new_case(session, case, profile=profile)
    message = "case opened" if is_new else "case changed"
    log.info(message, reference=case.reference, state=case.state)


def _opened(data: dict[str, Any], known: dict[str, Any] | None) -> Case:
    """A new case. One that was lost keeps the id by which its proposer and its mails know it."""
    case = Case(proposal_id=data["proposal_id"], reference=data["reference"], version=0)
    if known:
        case.id = known["case_id"]
    for name, day in data["promises"].items():  # later dates are review's own
        setattr(case, name, day)
    return case


def _copy_proposal(case: Case, data: dict[str, Any], profile: Profile) -> None:
    """Copy what intake owns. An amendment does not move a case that the office has moved on."""
    answers = data["answers"]
    office = office_of(profile, answers)["value"]
    if case.office is None or case.office == office_of(profile, case.answers)["value"]:
        case.office = office  # otherwise the case was transferred and stays where it is
    case.proposal_version = data["version"]
    for name in ("branch", "language", "profile_version", "answers", "submitted_at"):
        setattr(case, name, data[name])
    case.people = [{**each, "person_id": str(each["person_id"])} for each in data["people"]]
    case.title = value_of(profile, answers, "title") or ""
    case.organization = value_of(profile, answers, "organization") or ""
    if case.state is None or data["state"] != ProposalState.AMENDED:
        case.state, case.public_label, _ = _STATES[data["state"]]
    case.changed_at = now()
