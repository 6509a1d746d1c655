"""GET /healthz (the process runs) and GET /readyz (each part of the service works).

/readyz answers 503 if a person has to fix a part (database, migrations, profile, topology, a
stopped worker) and names the command. If a part recovers by itself (the broker is down), the status
is "degraded" with 200: the service still accepts proposals, only mail waits. Load balancers should
use /healthz.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from flask import Blueprint, Response, current_app
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shared import db, migrations, strict_json
from shared.broker import topology
from shared.tables import DeferredEvent, LoopRow, OutboxRow, ProfileVersion, now
from shared.web import operators

bp = Blueprint("health", __name__)

SILENT_AFTER = timedelta(seconds=20)


class Part(NamedTuple):
    """A part of the service: `ok`, `waits` (recovers by itself) or `broken` (needs a person)."""

    state: str
    detail: str = ""
    command: str = ""


@bp.get("/healthz")
def alive() -> Response:
    """The process runs. This uses neither database nor broker."""
    return _json({"status": "alive", "service": current_app.config["SERVICE"]}, 200)


@bp.get("/readyz")
def ready() -> Response:
    """503 while a part needs a person; for operators every part by name."""
    try:
        with db.read() as session:
            parts = _parts(session)
    except DBAPIError as error:
        parts = {"database": Part("broken", str(error.orig)[:200], "start the database")}
    states = {part.state for part in parts.values()}
    status = "broken" if "broken" in states else "degraded" if "waits" in states else "ready"
    body: dict[str, Any] = {"status": status, "service": current_app.config["SERVICE"]}
    if operators.is_operator():
        body["parts"] = {
            name: {key: value for key, value in part._asdict().items() if value}
            for name, part in parts.items()
        }
    return _json(body, 503 if status == "broken" else 200)


def _parts(session: Session) -> dict[str, Part]:
    service = current_app.config["SERVICE"]
    flask = f"flask --app services.{service}"
    missing = migrations.missing(session)
    if missing:
        return {"database": Part("broken", missing, f"{flask} db upgrade")}
    profile = session.scalar(select(ProfileVersion.version).limit(1))
    by_state = select(DeferredEvent.state, func.count()).group_by(DeferredEvent.state)
    counts = {state: count for state, count in session.execute(by_state)}
    waiting = session.scalar(
        select(func.count()).select_from(OutboxRow).where(OutboxRow.published_at.is_(None))
    )
    return {
        "database": Part("ok"),
        "profile": Part("ok")
        if profile
        else Part("broken", "no profile has been published", f"{flask} profile import"),
        "outbox": Part("ok", f"{waiting} waiting"),
        "work": Part(
            "ok", f"{counts.get('deferred', 0)} deferred, {counts.get('parked', 0)} parked"
        ),
        **_loops(session, flask),
    }


def _loops(session: Session, flask: str) -> dict[str, Part]:
    loops = session.scalars(select(LoopRow)).all()
    active = [loop for loop in loops if loop.seen_at > now() - SILENT_AFTER]
    if not active:
        return {"worker": Part("broken", "no sign of life", f"{flask} worker")}
    parts = {}
    for loop in active:
        if not loop.trouble:
            parts[loop.name] = Part("ok")
        elif loop.trouble.startswith(topology.MISSING):
            parts[loop.name] = Part("broken", loop.trouble, f"{flask} topology apply")
        else:
            parts[loop.name] = Part("waits", loop.trouble)
    return parts


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(strict_json.dumps(body), status=status, mimetype="application/json")
