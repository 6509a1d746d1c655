"""A loop of every worker that reports the status of its service to the administrators' page.

No service reads another's tables, so each reports its own backlog and failed events. It reports
when the status changes, and at least every five minutes, so that silence is a sign of trouble. It
waits until the last report is published: after an outage of the broker there is one, not hundreds.
"""

import hashlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from shared import db, outbox
from shared.events import ParkedDecision
from shared.inbox import retries
from shared.inbox.masking import masked
from shared.restore import announcements, inventory
from shared.tables import DeferredEvent, DeferredState, LoopRow, OutboxRow, StatusReportRow, now
from shared.worker import leases
from shared.worker.loops import Heartbeat, Loop, run_every

REPORT_AT_LEAST_EVERY = timedelta(minutes=5)
MAX_PARKED = 40  # with details, because events have a size limit; the rest are only counted
# Versions are at least the seconds since then. So after a restore from an older backup the next one
# is still higher than the last one published.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

Collect = Callable[[Session], dict[str, Any]]
Deliver = Callable[[Session, dict[str, Any]], None]


def alert_after() -> timedelta:
    """How long a delay, hang or silence may last before administrators get a mail."""
    return timedelta(minutes=float(current_app.config["ALARM_AFTER"]))


def reporting_loop(*, mail: Collect | None = None, deliver: Deliver | None = None) -> Loop:
    """The loop of a service.

    `mail` collects the mail queue (notify). `deliver` replaces the event to review (review itself).
    """

    def loop(stop: threading.Event, beat: Heartbeat) -> None:
        service, hold = current_app.config["SERVICE"], current_app.extensions["hold"]
        starting = True

        def turn() -> int:
            nonlocal starting
            inventory.send_if_due(hold, service=service, starting=starting)
            starting = False
            announcements.answer_restores(current_app.extensions["announced"], beat=beat)
            return report(service=service, mail=mail, deliver=deliver)

        run_every(float(current_app.config["TELL_EVERY"]), turn, stop=stop, beat=beat)

    return loop


def report(*, service: str, mail: Collect | None = None, deliver: Deliver | None = None) -> int:
    """Report the status if it has changed. Returns 0: there is never a backlog of reports."""
    with db.read() as session:
        state = collect(session, service=service) | {"mail": mail(session) if mail else None}
        digest = _digest(state)
        if not _has_changed(session.get(StatusReportRow, service), digest) or _is_unpublished(
            session, service
        ):
            return 0
        _add_payloads(session, state["parked_events"])
    with db.begin() as session:
        never = {"name": service, "version": 0, "sha256": b"", "at": BEGINNING}
        db.insert_new(session, StatusReportRow, values=never)
        last = session.get_one(StatusReportRow, service, with_for_update=True)
        if not _has_changed(last, digest):
            return 0  # another worker was faster
        last.sha256, last.at = digest, now()
        last.version = max(last.version + 1, int((last.at - BEGINNING).total_seconds()))
        whole = state | {"version": last.version, "changed_at": last.at}
        if deliver:
            deliver(session, whole)
        else:
            outbox.add(session, "service.changed.v1", whole)
    return 0


def collect(session: Session, *, service: str) -> dict[str, Any]:
    """The status that every service has, without payloads; reports do not count as backlog."""
    reports = ("service.changed.v1", inventory.NAME)
    backlog = (OutboxRow.published_at.is_(None), OutboxRow.event_type.not_in(reports))
    waiting, oldest = session.execute(
        select(func.count(), func.min(OutboxRow.created_at)).where(*backlog)
    ).one()
    states = dict(
        session.execute(
            select(DeferredEvent.state, func.count()).group_by(DeferredEvent.state)
        ).all()
    )
    in_trouble = select(LoopRow).where(LoopRow.trouble.is_not(None)).order_by(LoopRow.name)
    return {
        "service": service,
        "waiting": waiting,
        "oldest_at": oldest,
        "put_off": states.get(DeferredState.DEFERRED, 0),
        "parked": states.get(DeferredState.PARKED, 0),
        "parked_events": [row._asdict() for row in session.execute(_PARKED)],
        "troubles": [
            {"name": loop.name, "trouble": str(loop.trouble)[:300]}
            for loop in session.scalars(in_trouble)
        ]
        + _of_workers(session),
        "missing": inventory.missing(session),
    }


def _of_workers(session: Session) -> list[dict[str, str]]:
    """The troubles of whole processes, in words that stay the same as long as they last."""
    workers = leases.standings(session)
    stopped = [worker.name for worker in workers if worker.is_over]
    silent = [{"name": "worker", "trouble": f"no sign of life of {name}"} for name in stopped]
    return silent + [
        {"name": "log", "trouble": f"{worker.name}: {worker.trouble}"[:300]}
        for worker in workers
        if worker.trouble and not worker.is_over
    ]


_PARKED = (
    select(
        DeferredEvent.event_id,
        DeferredEvent.event_type,
        DeferredEvent.queue,
        func.substr(func.coalesce(DeferredEvent.reason, ""), 1, 300).label("reason"),
        DeferredEvent.attempts,
        func.length(DeferredEvent.envelope).label("bytes"),
        DeferredEvent.first_seen_at,
        DeferredEvent.last_seen_at,
    )
    .where(DeferredEvent.state == DeferredState.PARKED)
    .order_by(DeferredEvent.first_seen_at, DeferredEvent.event_id)
    .limit(MAX_PARKED)
)


def _add_payloads(session: Session, parked: list[dict[str, Any]]) -> None:
    """Add the masked payloads, only to a report that is sent: an envelope may have a mebibyte."""
    for event in parked:
        row = session.get(DeferredEvent, event["event_id"])
        event["payload"] = masked(row.envelope) if row else ""


def _is_unpublished(session: Session, service: str) -> bool:
    """Whether the last report is still unpublished."""
    unpublished = exists().where(
        OutboxRow.thing == service,
        OutboxRow.event_type == "service.changed.v1",
        OutboxRow.published_at.is_(None),
    )
    return bool(session.scalar(select(unpublished)))


def receive_decision(session: Session, data: dict[str, Any], *, service: str) -> None:
    """Handler of `parked.settled.v1`: retry or discard a parked event of this service."""
    if data["service"] == service:
        apply_decision(session, data)


def apply_decision(session: Session, data: dict[str, Any]) -> bool:
    """Retry or discard the parked event; False if it is no longer parked."""
    if data["answer"] == ParkedDecision.RETRY:
        return bool(retries.replay(session, event_ids=[data["event_id"]]))
    return bool(retries.discard(session, event_ids=[data["event_id"]], reason=data["reason"]))


def _has_changed(last: StatusReportRow | None, digest: bytes) -> bool:
    if last is None or last.at < now() - REPORT_AT_LEAST_EVERY:
        return True
    return last.sha256 != digest


def _digest(state: dict[str, Any]) -> bytes:
    return hashlib.sha256(repr(state).encode("utf-8", "surrogatepass")).digest()
