"""GET /metrics: how much waits and since when, for Prometheus; asked of the database at each look.

Nothing is counted in the process, so every web process gives the same answer. It names no person
and no case, and answers this machine, or whoever has the API token.
"""

import hmac
from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Response, current_app, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily as Gauge
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared import db
from shared.tables import DeferredEvent, LoopRow, OutboxRow, now
from shared.web.problems import Problem

bp = Blueprint("metrics", __name__)

TEXT = "text/plain; version=0.0.4; charset=utf-8"
LOOPBACK = {"127.0.0.1", "::1"}
Look = Callable[[Session], list[Gauge]]


class _Looked:
    """What was found, as prometheus_client wants to be handed it."""

    def __init__(self, found: Iterable[Gauge]):
        self.found = list(found)

    def collect(self) -> list[Gauge]:
        return self.found


@bp.get("/metrics")
def metrics() -> Response:
    """Every gauge of this service. Raises Problem 401 for a stranger."""
    _require_neighbor()
    look: Look | None = current_app.extensions.get("gauges")
    with db.read() as session:
        found = [*_common(session), *(look(session) if look else [])]
    registry = CollectorRegistry()
    registry.register(_Looked(found))
    return Response(generate_latest(registry), mimetype=None, content_type=TEXT)


def gauge(name: str, meaning: str, rows: Iterable[tuple[Any, float]], label: str = "") -> Gauge:
    """One gauge; with a label it has a value for each row."""
    found = Gauge(f"overture_{name}", meaning, labels=[label] if label else [])
    for key, value in rows:
        found.add_metric([str(key)] if label else [], value)
    return found


def age(moment: Any) -> float:
    """Seconds since then; 0 where there is nothing."""
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
        gauge("outbox_waiting", "Events that wait for the broker", [("", count)]),
        gauge("outbox_oldest_seconds", "Since when the oldest waits", [("", age(oldest))]),
        gauge("events", "Events put off or set apart", [(s, n) for s, n in work], "state"),
        gauge("loop_silent_seconds", "Since the last sign of life of a loop of the worker",
              [(loop.name, age(loop.seen_at)) for loop in loops], "loop"),
        gauge("loop_in_trouble", "Whether something is in the way of a loop",
              [(loop.name, float(bool(loop.trouble))) for loop in loops], "loop"),
    ]  # fmt: skip


def _require_neighbor() -> None:
    token = current_app.config["API_TOKEN"]
    given = request.headers.get("Authorization", "")
    knows = bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    if not knows and request.remote_addr not in LOOPBACK:
        headers = {"WWW-Authenticate": "Bearer"}
        raise Problem(
            401, "token", "Send the API token as Authorization: Bearer …", headers=headers
        )
