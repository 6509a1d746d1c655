"""How a service stands, told to whoever keeps the suite running: a loop of every worker.

Nobody reads another's tables, so each service says itself what waits in it and what it could not
handle. It speaks when that has changed, and now and then when not, so that silence means something.
While one state is on its way it makes no second: a broker that is away finds one when it is back.
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
from shared.inbox import retries
from shared.inbox.masking import masked
from shared.tables import DeferredEvent, LoopRow, OutboxRow, StatusReportRow, now
from shared.worker.loops import Heartbeat, Loop, run_every

REPORT_AT_LEAST_EVERY = timedelta(minutes=5)
MAX_PARKED = 40  # of which more than the number is told: an event has its size
# Versions are seconds since then at least, so that a service that is restored from yesterday's copy
# is not taken for an older one.
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

Collect = Callable[[Session], dict[str, Any]]
Deliver = Callable[[Session, dict[str, Any]], None]


def alert_after() -> timedelta:
    """How long something may wait, hang or be silent before administrators are mailed."""
    return timedelta(minutes=float(current_app.config["ALARM_AFTER"]))


def reporting_loop(*, mail: Collect | None = None, tell: Deliver | None = None) -> Loop:
    """The loop of a service. `mail`: how its mails stand; `tell`: what to do in place of telling
    review, for review itself.
    """

    def loop(stop: threading.Event, beat: Heartbeat) -> None:
        seconds = float(current_app.config["TELL_EVERY"])
        service = current_app.config["SERVICE"]
        run_every(
            seconds, lambda: report(service=service, mail=mail, tell=tell), stop=stop, beat=beat
        )

    return loop


def report(*, service: str, mail: Collect | None = None, tell: Deliver | None = None) -> int:
    """Report the state of this service if it changed; returns 0: there is never more to do."""
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
        told = session.get_one(StatusReportRow, service, with_for_update=True)
        if not _has_changed(told, digest):
            return 0  # another worker was faster
        told.sha256, told.at = digest, now()
        told.version = max(told.version + 1, int((told.at - BEGINNING).total_seconds()))
        whole = state | {"version": told.version, "changed_at": told.at}
        if tell:
            tell(session, whole)
        else:
            outbox.add(session, "service.changed.v1", whole)
    return 0


def collect(session: Session, *, service: str) -> dict[str, Any]:
    """The part that every service has, without what is in parked events; telling it is no part of
    what waits.
    """
    waits = (OutboxRow.published_at.is_(None), OutboxRow.event_type != "service.changed.v1")
    waiting, oldest = session.execute(
        select(func.count(), func.min(OutboxRow.created_at)).where(*waits)
    ).one()
    states = dict(
        session.execute(
            select(DeferredEvent.state, func.count()).group_by(DeferredEvent.state)
        ).all()
    )
    silent = select(LoopRow).where(LoopRow.trouble.is_not(None)).order_by(LoopRow.name)
    return {
        "service": service,
        "waiting": waiting,
        "oldest_at": oldest,
        "put_off": states.get("deferred", 0),
        "parked": states.get("parked", 0),
        "parked_events": [row._asdict() for row in session.execute(_PARKED)],
        "troubles": [
            {"name": loop.name, "trouble": str(loop.trouble)[:300]}
            for loop in session.scalars(silent)
        ],
    }


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
    .where(DeferredEvent.state == "parked")
    .order_by(DeferredEvent.first_seen_at, DeferredEvent.event_id)
    .limit(MAX_PARKED)
)


def _add_payloads(session: Session, parked: list[dict[str, Any]]) -> None:
    """Add the masked payload to each; one may have a mebibyte, so only where it is told."""
    for one in parked:
        row = session.get(DeferredEvent, one["event_id"])
        one["payload"] = masked(row.envelope) if row else ""


def _is_unpublished(session: Session, service: str) -> bool:
    """Whether an earlier state has not left yet; what it says of now is told after it."""
    waits = exists().where(
        OutboxRow.thing == service,
        OutboxRow.event_type == "service.changed.v1",
        OutboxRow.published_at.is_(None),
    )
    return bool(session.scalar(select(waits)))


def receive_decision(session: Session, data: dict[str, Any], *, service: str) -> None:
    """Handler of `parked.settled.v1`: retry or discard an event that is parked in this service."""
    if data["service"] == service:
        apply_decision(session, data)


def apply_decision(session: Session, data: dict[str, Any]) -> bool:
    """Do what a person decided about a parked event; False where it is not parked any more."""
    if data["answer"] == "again":
        return bool(retries.replay(session, event_ids=[data["event_id"]]))
    return bool(retries.discard(session, event_ids=[data["event_id"]], reason=data["reason"]))


def _has_changed(told: StatusReportRow | None, digest: bytes) -> bool:
    if told is None or told.at < now() - REPORT_AT_LEAST_EVERY:
        return True
    return told.sha256 != digest


def _digest(state: dict[str, Any]) -> bytes:
    return hashlib.sha256(repr(state).encode("utf-8", "surrogatepass")).digest()
