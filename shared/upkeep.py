"""How a service stands, told to whoever keeps the suite running: a loop of every worker.

Nobody reads another's tables, so each service says itself what waits in it and what it could not
handle. It speaks when that has changed, and now and then when not, so that silence means something.
"""

import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared import db, outbox
from shared.inbox import work
from shared.masking import masked
from shared.tables import LoopRow, OutboxRow, ToldRow, WorkRow, now
from shared.worker import Beat, Loop, every

AT_LEAST_EVERY = timedelta(minutes=5)
MOST_PARKED = 40  # of which more than the number is told: an event has its size

Look = Callable[[Session], dict[str, Any]]
Tell = Callable[[Session, dict[str, Any]], None]


def telling(*, mail: Look | None = None, tell: Tell | None = None) -> Loop:
    """The loop of a service. `mail`: how its mails stand; `tell`: what to do in place of telling
    review, for review itself.
    """

    def loop(stop: threading.Event, beat: Beat) -> None:
        seconds = float(current_app.config["TELL_EVERY"])
        every(seconds, lambda: turn(mail=mail, tell=tell), stop=stop, beat=beat)

    return loop


def turn(*, mail: Look | None = None, tell: Tell | None = None) -> int:
    """Tell how this service stands if that is news; returns 0, as there is nothing to catch up."""
    with db.read() as session:
        state = look(session) | {"mail": mail(session) if mail else None}
        told = session.get(ToldRow, state["service"])
    if not _is_news(told, state):
        return 0
    with db.begin() as session:
        told = session.get(ToldRow, state["service"], with_for_update=True)
        if not _is_news(told, state):
            return 0  # another worker was faster
        if told is None:
            told = ToldRow(name=state["service"], version=0)
            session.add(told)
        told.version += 1
        told.sha256, told.at = _digest(state), now()
        whole = state | {"version": told.version, "changed_at": told.at}
        if tell:
            tell(session, whole)
        else:
            outbox.add(session, "service.changed.v1", whole)
    return 0


def look(session: Session) -> dict[str, Any]:
    """The part that every service has; telling it is no part of what waits."""
    waits = (OutboxRow.published_at.is_(None), OutboxRow.event_type != "service.changed.v1")
    waiting, oldest = session.execute(
        select(func.count(), func.min(OutboxRow.created_at)).where(*waits)
    ).one()
    states = dict(
        session.execute(select(WorkRow.state, func.count()).group_by(WorkRow.state)).all()
    )
    parked = select(WorkRow).where(WorkRow.state == "parked").order_by(WorkRow.first_seen_at)
    silent = select(LoopRow).where(LoopRow.trouble.is_not(None)).order_by(LoopRow.name)
    return {
        "service": current_app.config["SERVICE"],
        "waiting": waiting,
        "oldest_at": oldest,
        "put_off": states.get("deferred", 0),
        "parked": states.get("parked", 0),
        "parked_events": [_parked(row) for row in session.scalars(parked.limit(MOST_PARKED))],
        "troubles": [
            {"name": loop.name, "trouble": str(loop.trouble)[:300]}
            for loop in session.scalars(silent)
        ],
    }


def receive_settled(session: Session, data: dict[str, Any]) -> None:
    """Handler of `parked.settled.v1`: what is parked here is tried again or set aside for good."""
    if data["service"] == current_app.config["SERVICE"]:
        settle(session, data)


def settle(session: Session, data: dict[str, Any]) -> bool:
    """Do what a person decided about a parked event; False where it is not parked any more."""
    if data["answer"] == "again":
        return bool(work.replay(session, event_ids=[data["event_id"]]))
    return bool(work.discard(session, event_ids=[data["event_id"]], reason=data["reason"]))


def _parked(row: WorkRow) -> dict[str, Any]:
    return {
        "event_id": row.event_id,
        "event_type": row.event_type,
        "queue": row.queue,
        "reason": (row.reason or "")[:300],
        "attempts": row.attempts,
        "bytes": len(row.envelope),
        "payload": masked(row.envelope),
        "first_seen_at": row.first_seen_at,
        "last_seen_at": row.last_seen_at,
    }


def _is_news(told: ToldRow | None, state: dict[str, Any]) -> bool:
    if told is None or told.at < now() - AT_LEAST_EVERY:
        return True
    return told.sha256 != _digest(state)


def _digest(state: dict[str, Any]) -> bytes:
    return hashlib.sha256(repr(state).encode("utf-8", "surrogatepass")).digest()
