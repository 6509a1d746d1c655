"""GET /metrics for Prometheus: how much waits and for how long, read from the database each time.

No process counts anything itself, so all web processes report the same values. The metrics name no
person and no case. Only operators may read them.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Response, current_app
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily as Gauge
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared import db
from shared.tables import DeferredEvent, LoopRow, OutboxRow, now
from shared.web.guards import operators
from shared.web.problems import Problem

bp = Blueprint("metrics", __name__)

TEXT = "text/plain; version=0.0.4; charset=utf-8"
ServiceGauges = Callable[[Session], list[Gauge]]


class _Collector:
    """Gauges in the form that prometheus_client collects."""

    def __init__(self, gauges: Iterable[Gauge]):
        self.gauges = list(gauges)

    def collect(self) -> list[Gauge]:
        return self.gauges


@bp.get("/metrics")
def metrics() -> Response:
    """Every gauge of this service. Raises Problem 401 without access."""
    _require_access()
    service_gauges: ServiceGauges | None = current_app.extensions.get("gauges")
    with db.read() as session:
        gauges = [*_common(session), *(service_gauges(session) if service_gauges else [])]
    registry = CollectorRegistry()
    registry.register(_Collector(gauges))
    return Response(generate_latest(registry), mimetype=None, content_type=TEXT)


def gauge(name: str, meaning: str, rows: Iterable[tuple[Any, float]], label: str = "") -> Gauge:
    """One gauge; with a label it has one value per row."""
    metric = Gauge(f"overture_{name}", meaning, labels=[label] if label else [])
    for key, value in rows:
        metric.add_metric([str(key)] if label else [], value)
    return metric


def age(moment: Any) -> float:
    """Seconds since this moment; 0 for None."""
    return (now() - moment).total_seconds() if moment else 0.0


def _common(session: Session) -> list[Gauge]:
    waiting = OutboxRow.published_at.is_(None)
    count, oldest = session.execute(
        select(func.count(), func.min(OutboxRow.created_at)).where(waiting)
    ).one()
    work = session.execute(
        select(DeferredEvent.state, func.count()).group_by(DeferredEvent.state)
    ).all()
    loops = session.scalars(select(LoopRow)).all()
    return [
        gauge("outbox_waiting", "Events waiting for the broker", [("", count)]),
        gauge("outbox_oldest_seconds", "Age of the oldest waiting event", [("", age(oldest))]),
        gauge("events", "Deferred and failed events", [(s, n) for s, n in work], "state"),
        gauge("loop_silent_seconds", "Time since the last heartbeat of a worker loop",
              [(loop.name, age(loop.seen_at)) for loop in loops], "loop"),
        gauge("loop_in_trouble", "Whether a worker loop reports trouble",
              [(loop.name, float(bool(loop.trouble))) for loop in loops], "loop"),
    ]  # fmt: skip


def _require_access() -> None:
    if not operators.is_operator():
        headers = {"WWW-Authenticate": "Bearer"}
        raise Problem(
            401, "token", "Send the API token as Authorization: Bearer …", headers=headers
        )
