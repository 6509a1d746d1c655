"""What keeps the suite running: how each service stands, and what becomes of parked events."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.review.models import Case, MailStatus, ParkedEventAction, ServiceStatus, Staff
from services.review.models.states import CaseState, MailState, ParkedEventAnswer
from services.review.monitoring import alerts
from shared import events, logs, outbox
from shared.inbox import projection
from shared.tables import now
from shared.worker import status_report

log = logs.logger(__name__)

SILENT_AFTER = timedelta(minutes=15)  # three times as long as one that is well keeps silent
MAX_UNCONFIRMED = 100
MAX_ACTIONS = 100


class UnconfirmedMail(NamedTuple):
    """A mail about a case of which nobody knows whether it arrived."""

    case: Case
    fate: MailStatus


class ParkedEventDecision(NamedTuple):
    """What somebody decided about a parked event."""

    service: str
    event_id: UUID
    answer: ParkedEventAnswer
    reason: str


def record_status(session: Session, data: dict[str, Any]) -> None:
    """Handler of `service.changed.v1`, and what review's own loop calls: the newest state of it.

    Administrators are mailed where something new needs a person.
    """
    service = data["service"]
    body = events.strict("service.changed.v1").dump(data)
    before = session.get(ServiceStatus, service)
    since = {}
    for one in before.body["troubles"] if before else []:
        since[one["name"]] = one.get("since_at", body["changed_at"])
    for one in body["troubles"]:
        one["since_at"] = since.get(one["name"], body["changed_at"])
    row = {"service": service, "version": data["version"], "body": body}
    row["changed_at"] = data["changed_at"]
    if projection.upsert(session, ServiceStatus, key="service", values=row):
        alerts.send_alerts(session, session.get_one(ServiceStatus, service, populate_existing=True))
    if service == "review":
        alerts.send_silence_alerts(session)


def statuses(session: Session) -> dict[str, ServiceStatus]:
    """How each service stands, as far as it has told."""
    return {view.service: view for view in session.scalars(select(ServiceStatus))}


def is_silent(view: ServiceStatus) -> bool:
    """Whether the service has told nothing for so long that it may stand still."""
    return view.changed_at < now() - SILENT_AFTER


def unconfirmed_mails(session: Session) -> list[UnconfirmedMail]:
    """Mails about cases that are in doubt, the oldest first; settled from the case."""
    found = (
        select(Case, MailStatus)
        .join(MailStatus, MailStatus.proposal_id == Case.proposal_id)
        .options(joinedload(Case.owner))
        .where(MailStatus.state == MailState.UNCONFIRMED, Case.state != CaseState.ERASED)
        .order_by(MailStatus.changed_at)
        .limit(MAX_UNCONFIRMED)
    )
    return [UnconfirmedMail(*row) for row in session.execute(found)]


def decide_parked_event(session: Session, wanted: ParkedEventDecision, *, by: Staff) -> bool:
    """Have a parked event tried again or set aside for good, wherever it is parked, and write down
    who decided it. False where it is not set apart any more: then nothing is done.
    """
    view = session.get(ServiceStatus, wanted.service, with_for_update=True)
    parked = view.body["parked_events"] if view else []
    event = next((one for one in parked if one["event_id"] == str(wanted.event_id)), None)
    if event is None:
        return False
    at = now()
    said = wanted.reason or "Tried again."
    data = {**wanted._asdict(), "reason": f"{by.name}: {said}", "settled_at": at}
    session.add(ParkedEventAction(**wanted._asdict(), at=at, event_type=event["event_type"],
                           staff_id=by.id))  # fmt: skip
    if wanted.service == "review":
        status_report.apply_decision(session, data)
    else:
        version = int(at.timestamp() * 1000)  # a later word counts
        outbox.add(session, "parked.settled.v1", data | {"version": version})
    log.info("parked event settled", event_id=str(wanted.event_id), service=wanted.service,
             answer=wanted.answer, by=str(by.id))  # fmt: skip
    return True


def parked_event_actions(session: Session) -> Sequence[ParkedEventAction]:
    """What administrators decided about parked events of late, the newest first."""
    found = select(ParkedEventAction).options(joinedload(ParkedEventAction.staff))
    return session.scalars(found.order_by(ParkedEventAction.id.desc()).limit(MAX_ACTIONS)).all()
