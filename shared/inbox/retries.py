"""Retries and the parking lot are rows, not delay queues: the same in both modes, visible,
replayable.

A row is `deferred` (a loop tries it again), `parked` (waits for a person) or `discarded` (a person
said so). It goes away with the event's effect.
"""

import random
import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from shared import db, events, logs
from shared.broker.consumer import Delivery
from shared.inbox.reading import CONTENT_TYPE, MAX_BYTES, Received, Unreadable
from shared.tables import DeferredEvent, InboxRow, now

log = logs.logger(__name__)

DELAYS = [timedelta(seconds=s) for s in (1, 5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600)]
MAX_STARTS = 3
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses the first, UTF-8 the others
BATCH = 50


def due(session: Session) -> Sequence[DeferredEvent]:
    """The deferred rows whose time has come, oldest first."""
    return session.scalars(
        select(DeferredEvent)
        .where(DeferredEvent.state == "deferred", DeferredEvent.next_attempt_at <= now())
        .order_by(DeferredEvent.next_attempt_at)
        .limit(BATCH)
    ).all()


def remove(session: Session, received: Received) -> None:
    """The event has had its effect: its row goes, unless a person has discarded it."""
    session.execute(
        delete(DeferredEvent).where(
            DeferredEvent.event_id == received.event_id, DeferredEvent.state != "discarded"
        )
    )


def may_start(session: Session, received: Received, *, queue: str) -> bool:
    """Count the start of a redelivered event before it runs.

    A handler that ends the process leaves nothing but this count. After three starts without an
    outcome the event is parked and the ones behind it flow.
    """
    if session.get(InboxRow, received.event_id) is not None:
        remove(session, received)
        return False
    row = _row(session, received, queue=queue)
    if row.state != "deferred":
        return False
    row.started += 1
    if row.started <= MAX_STARTS:
        return True
    _park(row, "crash_loop")
    return False


def defer(session: Session, received: Received, *, queue: str, reason: str) -> None:
    """Put the event on the schedule; after its last step it is parked."""
    row = _row(session, received, queue=queue)
    if row.state == "discarded":
        return
    row.attempts += 1
    row.started = 0
    if row.attempts > len(DELAYS):
        _park(row, reason)
        return
    spread = random.uniform(0.8, 1.2)  # noqa: S311 - so that rows do not march in step; no secret
    row.state, row.reason = "deferred", _storable(reason, 500)
    row.next_attempt_at = now() + DELAYS[row.attempts - 1] * spread
    log.warning("event deferred", reason=reason, attempts=row.attempts)


def park(session: Session, received: Received, *, queue: str, reason: str) -> None:
    """Stop trying: a person has to look at it."""
    row = _row(session, received, queue=queue)
    if row.state != "discarded":
        _park(row, reason)


def _park(row: DeferredEvent, reason: str) -> None:
    row.state, row.reason = "parked", _storable(reason, 500)
    log.error("event parked", reason=reason)


def _storable(words: str, most: int) -> str:
    """What a stranger said, so that every database takes it.

    A row that cannot be written would hold up its queue for ever.
    """
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", words[:most])


def park_unreadable(session: Session, delivery: Delivery, error: Unreadable) -> None:
    """Keep the bytes (at most 1 MiB) of what cannot be read, once however often it comes."""
    row = _put(
        session,
        event_id=error.event_id,
        event_type="",
        queue=delivery.queue,
        envelope=delivery.body[:MAX_BYTES],
        content_type=_storable(str(delivery.content_type), 100),
    )
    if row.state != "discarded":
        _park(row, f"{error.reason}: {error}")


def retry_dead_letter(session: Session, delivery: Delivery, received: Received) -> None:
    """Turn a dead letter into a row. One that the queue gave up is due at once: it shared the
    crashes of others, as long as it was not at work in too many of them itself."""
    if session.get(InboxRow, received.event_id) is not None:
        return
    row = _row(session, received, queue=delivery.queue)
    if row.state != "deferred":
        return
    given_up = delivery.headers.get("x-first-death-reason") == "delivery_limit"
    if given_up and row.started < MAX_STARTS:
        row.next_attempt_at = now()
        log.warning("dead letter taken back")
    else:
        _park(row, "dead_letter")


def retry_known(session: Session) -> int:
    """Put back what an older release parked and this one can read; return how many rows."""
    waiting = session.scalars(
        select(DeferredEvent).where(
            DeferredEvent.state == "parked",
            DeferredEvent.reason.startswith("future_version")
            | DeferredEvent.reason.startswith("unknown_type"),
        )
    ).all()
    known = [row for row in waiting if _named_in(row.reason or "") in events.EVENTS]
    for row in known:
        row.state, row.next_attempt_at = "deferred", now()
    return len(known)


def _named_in(reason: str) -> str:
    return reason.rsplit(" ", 1)[-1].removeprefix(events.PREFIX)


def replay(session: Session, *, event_ids: Sequence[object]) -> int:
    """Parked rows become due now; return how many."""
    found = session.execute(
        update(DeferredEvent)
        .where(DeferredEvent.event_id.in_(event_ids), DeferredEvent.state == "parked")
        .values(state="deferred", next_attempt_at=now(), started=0, attempts=0)
        .returning(DeferredEvent.event_id)
    )
    return len(found.all())


def discard(session: Session, *, event_ids: Sequence[object], reason: str) -> int:
    """Parked rows stay as a record and are never tried again; return how many."""
    found = session.execute(
        update(DeferredEvent)
        .where(DeferredEvent.event_id.in_(event_ids), DeferredEvent.state == "parked")
        .values(state="discarded", reason=f"discarded: {reason}"[:500], last_seen_at=now())
        .returning(DeferredEvent.event_id)
    )
    return len(found.all())


def _row(session: Session, received: Received, *, queue: str) -> DeferredEvent:
    return _put(
        session,
        event_id=received.event_id,
        event_type=received.name,
        queue=queue,
        envelope=received.envelope,
        content_type=CONTENT_TYPE,
    )


def _put(session: Session, **columns: object) -> DeferredEvent:
    """The row of this event, made where there is none, and locked until the transaction ends."""
    values = {
        **columns,
        "state": "deferred",
        "attempts": 0,
        "started": 0,
        "next_attempt_at": now() + DELAYS[1],
        "first_seen_at": now(),
        "last_seen_at": now(),
    }
    session.execute(db.insert(session, DeferredEvent).values(values).on_conflict_do_nothing())
    row = session.get_one(DeferredEvent, columns["event_id"], with_for_update=True)
    row.last_seen_at = now()
    return row
