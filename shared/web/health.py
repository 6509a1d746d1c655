"""GET /healthz (the process runs) and GET /readyz (each part of the service works).

/readyz answers 503 if a person has to fix a part (database, disk, migrations, profile, topology, a
stopped worker, things that another service has and this one does not) and names the command. If
the service does its work without a part (the broker is down, the log is full, a clock is wrong),
the status is "degraded" with 200. Load balancers should use /healthz. Both only read, so neither
waits for a writer.
"""

from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from flask import Blueprint, Response, current_app
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shared import db, migrations, strict_json
from shared.broker import topology
from shared.db import trouble
from shared.log_lines import standard_error
from shared.restore import inventory
from shared.tables import DeferredEvent, LoopRow, OutboxRow, ProfileVersion
from shared.web.guards import operators
from shared.worker import leases

bp = Blueprint("health", __name__)

CLOCKS_AGREE = 5.0  # seconds


class Part(NamedTuple):
    """A part of the service: `ok`, `waits` (the service works without it, or it recovers by itself)
    or `broken` (needs a person).
    """

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
        parts = {"database": Part("broken", *trouble.of(error))}
        parts |= _disk()
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
        return {"database": Part("broken", missing, trouble.upgrade_command())}
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
        **_disk(),
        **_missing(session),
        **_workers(session, flask),
    }


def _disk() -> dict[str, Part]:
    trouble = db.database().room.trouble()
    return {"disk": Part("broken", trouble, "free some space") if trouble else Part("ok")}


def _workers(session: Session, flask: str) -> dict[str, Part]:
    workers = leases.standings(session)
    running = [worker for worker in workers if not worker.is_over]
    if not running:
        parts = {"worker": Part("broken", _silence(workers), f"{flask} worker")}
    else:
        parts = _loops(session, flask)
        if stopped := [worker for worker in workers if worker.is_over]:
            command = f"kill -9 {stopped[0].pid}, on {stopped[0].host}"
            parts["worker"] = Part("broken", _silence(stopped), command)
    return parts | {"clock": _clocks(running), "log": _logs(running)}


def _silence(workers: list[leases.Standing]) -> str:
    if not workers:
        return "no sign of life"
    silent = [f"{worker.name} for {abs(worker.age):.0f} seconds" for worker in workers]
    return f"no sign of life of {', '.join(silent)}"


def _clocks(running: list[leases.Standing]) -> Part:
    """Compare the clocks of the workers with that of this process."""
    wrong = [
        f"the clock of {worker.name} is {abs(worker.ahead):.0f} seconds"
        f" {'ahead of' if worker.ahead > 0 else 'behind'} that of this web process"
        for worker in running
        if abs(worker.ahead) > CLOCKS_AGREE
    ]
    if not wrong:
        return Part("ok")
    return Part("waits", "; ".join(wrong)[:300], "synchronize the clocks of the machines")


def _logs(running: list[leases.Standing]) -> Part:
    lost = [f"{worker.name}: {worker.trouble}" for worker in running if worker.trouble]
    if ours := standard_error.trouble():
        lost.insert(0, f"this web process: {standard_error.writer.lost().lines} {ours}")
    return Part("waits", "; ".join(lost)[:300], "make room for the log") if lost else Part("ok")


def _missing(session: Session) -> dict[str, Part]:
    """What partners hold and this service does not, usually after a restore."""
    parts = {}
    for partner, things in groupby(inventory.missing(session), key=itemgetter("partner")):
        words = f"missing here: {inventory.in_words(things)}"
        parts[f"data_held_by_{partner}"] = Part("broken", words, inventory.command(partner))
    return parts


def _loops(session: Session, flask: str) -> dict[str, Part]:
    parts = {}
    for loop in session.scalars(select(LoopRow)):
        if not loop.trouble:
            parts[loop.name] = Part("ok")
        elif loop.trouble.startswith(topology.MISSING):
            parts[loop.name] = Part("broken", loop.trouble, f"{flask} topology apply")
        else:
            parts[loop.name] = Part("waits", loop.trouble)
    return parts


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(strict_json.dumps(body), status=status, mimetype="application/json")
