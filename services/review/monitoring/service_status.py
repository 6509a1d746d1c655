"""The status of each service, and decisions about failed events."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from services.review.models import Case, MailStatus, ParkedEventAction, ServiceStatus, Staff
from services.review.models.states import CaseState, MailState
from services.review.monitoring import alerts
from shared import events, logs, outbox
from shared.events import ParkedDecision
from shared.inbox import projection
from shared.tables import now
from shared.worker import status_report

log = logs.logger(__name__)

SILENT_AFTER = timedelta(minutes=15)  # three times the interval of its reports
MAX_UNCONFIRMED = 100
MAX_ACTIONS = 100


class UnconfirmedMail(NamedTuple):
    """A mail about a case whose delivery is unconfirmed."""

    case: Case
    mail: MailStatus


class ParkedEventDecision(NamedTuple):
    """What an administrator decided about a failed event."""

    service: str
    event_id: UUID
    answer: ParkedDecision
    reason: str


def record_status(session: Session, data: dict[str, Any]) -> None:
    """Store the newest status of a service and mail administrators about new problems.

    Handler of `service.changed.v1`; the worker of review calls it with its own status.
    """
    service = data["service"]
    body = events.strict("service.changed.v1").dump(data)
    last_report = session.get(ServiceStatus, service)
    known = last_report.body["troubles"] if last_report else []
    since = {trouble["name"]: trouble.get("since_at", body["changed_at"]) for trouble in known}
    for trouble in body["troubles"]:
        trouble["since_at"] = since.get(trouble["name"], body["changed_at"])
    row = {"service": service, "version": data["version"], "body": body}
    row["changed_at"] = data["changed_at"]
    if projection.upsert(session, ServiceStatus, key="service", values=row):
        alerts.send_alerts(session, session.get_one(ServiceStatus, service, populate_existing=True))
    if service == "review":
        alerts.send_silence_alerts(session)


def statuses(session: Session) -> dict[str, ServiceStatus]:
    """The last status of each service that has reported one."""
    return {status.service: status for status in session.scalars(select(ServiceStatus))}


def is_silent(status: ServiceStatus) -> bool:
    """Whether the last report of the service is so old that its worker may have stopped."""
    return status.changed_at < now() - SILENT_AFTER


def unconfirmed_mails(session: Session) -> list[UnconfirmedMail]:
    """Unconfirmed mails about cases, oldest first. They are resolved on the page of the case."""
    query = (
        select(Case, MailStatus)
        .join(MailStatus, MailStatus.proposal_id == Case.proposal_id)
        .options(joinedload(Case.owner))
        .where(MailStatus.state == MailState.UNCONFIRMED, Case.state != CaseState.ERASED)
        .order_by(MailStatus.changed_at)
        .limit(MAX_UNCONFIRMED)
    )
    return [UnconfirmedMail(*row) for row in session.execute(query)]


def decide_parked_event(session: Session, decision: ParkedEventDecision, *, by: Staff) -> bool:
    """Retry or discard a failed event, in whichever service it is, and record who decided. Return
    False, and do nothing, if the event is no longer failed.
    """
    status = session.get(ServiceStatus, decision.service, with_for_update=True)
    events_there = status.body["parked_events"] if status else []
    event = next(
        (each for each in events_there if each["event_id"] == str(decision.event_id)), None
    )
    if event is None:
        return False
    at = now()
    reason = decision.reason or "Tried again."
    data = {**decision._asdict(), "reason": f"{by.name}: {reason}", "settled_at": at}
    session.add(ParkedEventAction(**decision._asdict(), at=at, event_type=event["event_type"],
                           staff_id=by.id))  # fmt: skip
    if decision.service == "review":
        status_report.apply_decision(session, data)
    else:
        version = int(at.timestamp() * 1000)  # a later decision wins
        outbox.add(session, "parked.settled.v1", data | {"version": version})
    log.info("parked event settled", event_id=str(decision.event_id), parked_in=decision.service,
             answer=decision.answer, by=str(by.id))  # fmt: skip
    return True


def parked_event_actions(session: Session) -> Sequence[ParkedEventAction]:
    """The last decisions about failed events, newest first."""
    query = select(ParkedEventAction).options(joinedload(ParkedEventAction.staff))
    return session.scalars(query.order_by(ParkedEventAction.id.desc()).limit(MAX_ACTIONS)).all()
