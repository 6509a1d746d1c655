"""The delivery state of each mail, as notify reports it."""

from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from services.review.cases import search_index, undelivered_mail
from services.review.cases.search_index import MAIL_FAILED
from services.review.models import Case, CaseFlag, MailStatus
from services.review.models.states import CaseState, MailState
from services.review.notifications import case_mail
from shared.inbox.projection import upsert
from shared.profile import versions


def receive_mail(session: Session, data: dict[str, Any]) -> None:
    """Handler of `mail.changed.v1`: store the state, update the flags of the case, and alert the
    office when the proposer was not reached.
    """
    data = {"suppressed": False, **data}
    if data.get("kept_back"):
        data["state"] = MailState.KEPT_BACK  # trial mode: nobody has to act
    if not upsert(session, MailStatus, key="mail_id", values=data):
        return
    mail = {"kind": data["kind"], "state": data["state"]}
    if not undelivered_mail.is_problem(**mail) and not _is_flagged(session, data["proposal_id"]):
        return  # nearly every mail: do not lock the case
    case = session.scalar(
        select(Case).where(Case.proposal_id == data["proposal_id"]).with_for_update()
    )
    if case is not None and case.state != CaseState.ERASED:
        profile = versions.of(session, version=case.profile_version)
        search_index.update(session, case, profile=profile)
        if undelivered_mail.missed_proposer(**mail) and not data.get("released"):
            case_mail.not_delivered(session, case, profile=profile, mail=data)


def mails_of(session: Session, case: Case) -> list[MailStatus]:
    """Every mail about the case with its status, the last change first."""
    about_case = select(MailStatus).where(MailStatus.proposal_id == case.proposal_id)
    return list(session.scalars(about_case.order_by(*_NEWEST_FIRST)))


_NEWEST_FIRST = (MailStatus.changed_at.desc(), MailStatus.mail_id)


def _is_flagged(session: Session, proposal_id: Any) -> bool:
    return bool(session.scalar(_FLAGGED, {"proposal_id": proposal_id}))


_FLAGGED = select(
    exists().where(
        Case.proposal_id == bindparam("proposal_id"),
        CaseFlag.case_id == Case.id,
        CaseFlag.flag == MAIL_FAILED,
    )
)
