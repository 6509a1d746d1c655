"""Deferred and parked events are rows, not delay queues: visible, and the same in both modes.

`DeferredState` lists the states of a row. Once the event takes effect, its row is deleted.
"""

import random
import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from shared import db, events, logs
from shared.broker.consumer import Delivery
from shared.inbox.failures import LATER_RELEASE, FailureKind, failure_reason
from shared.inbox.reading import CONTENT_TYPE, MAX_BYTES, Received, Unreadable
from shared.tables import AT_ONCE, DeferredEvent, DeferredState, InboxRow, now

log = logs.logger(__name__)

DELAYS = [timedelta(seconds=s) for s in (1, 5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600)]
MAX_STARTS = 3
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL cannot store NUL, UTF-8 no surrogates
BATCH = 50


def due(session: Session) -> Sequence[DeferredEvent]:
    """The deferred rows whose next attempt is due, oldest first."""
    return session.scalars(
        select(DeferredEvent)
        .where(
            DeferredEvent.state == DeferredState.DEFERRED, DeferredEvent.next_attempt_at <= now()
        )
        .order_by(DeferredEvent.next_attempt_at)
        .limit(BATCH)
    ).all()


def remove(session: Session, received: Received) -> None:
    """Delete the row of a handled event; a discarded one stays as a record."""
    session.execute(
        delete(DeferredEvent).where(
            DeferredEvent.event_id == received.event_id,
            DeferredEvent.state != DeferredState.DISCARDED,
        )
    )


def may_start(session: Session, received: Received, *, queue: str) -> bool:
    """Count the start of a redelivered event before its handler runs.

    If the handler kills the process, only this count remains. After three starts without an outcome
    the event is parked, so that it no longer blocks the events behind it.
    """
    if session.get(InboxRow, received.event_id) is not None:
        remove(session, received)
        return False
    row = _row(session, received, queue=queue)
    if row.state != DeferredState.DEFERRED:
        return False
    row.started += 1
    if row.started <= MAX_STARTS:
        return True
    _park(row, FailureKind.CRASH_LOOP)
    return False


def defer(session: Session, received: Received, *, queue: str, reason: str) -> None:
    """Schedule the next attempt; after the last one, park the event."""
    row = _row(session, received, queue=queue)
    if row.state == DeferredState.DISCARDED:
        return
    row.attempts += 1
    row.started = 0
    if row.attempts > len(DELAYS):
        _park(row, reason)
        return
    spread = random.uniform(0.8, 1.2)  # noqa: S311 - spreads the load, no secret
    row.state, row.reason = DeferredState.DEFERRED, _storable(reason, 500)
    row.next_attempt_at = now() + DELAYS[row.attempts - 1] * spread
    log.warning("event deferred", reason=reason, attempts=row.attempts)


def park(session: Session, received: Received, *, queue: str, reason: str) -> None:
    """Stop retrying; the event waits for a person."""
    row = _row(session, received, queue=queue)
    if row.state != DeferredState.DISCARDED:
        _park(row, reason)


def _park(row: DeferredEvent, reason: str) -> None:
    row.state, row.reason = DeferredState.PARKED, _storable(reason, 500)
    log.error("event parked", reason=reason)


def _storable(text: str, max_length: int) -> str:
    """Foreign text made storable: a row that no database accepts would block its queue."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text[:max_length])


def park_unreadable(session: Session, delivery: Delivery, error: Unreadable) -> None:
    """Park unreadable bytes (at most 1 MiB); repeated deliveries share one row."""
    row = _locked_row(
        session,
        event_id=error.event_id,
        event_type="",
        queue=delivery.queue,
        envelope=delivery.body[:MAX_BYTES],
        content_type=_storable(str(delivery.content_type), 100),
    )
    if row.state != DeferredState.DISCARDED:
        _park(row, failure_reason(error.kind, str(error)))


def retry_dead_letter(session: Session, delivery: Delivery, received: Received) -> None:
    """Save a dead letter as a row: due now if the broker merely reached its delivery limit.

    That limit also counts crashes caused by other messages. `started` counts only the starts of
    this event; from MAX_STARTS on it is parked.
    """
    if session.get(InboxRow, received.event_id) is not None:
        return
    row = _row(session, received, queue=delivery.queue)
    if row.state != DeferredState.DEFERRED:
        return
    over_limit = delivery.headers.get("x-first-death-reason") == "delivery_limit"
    if over_limit and row.started < MAX_STARTS:
        row.next_attempt_at = AT_ONCE
        log.warning("dead letter will be retried")
    else:
        _park(row, FailureKind.DEAD_LETTER)


def retry_known(session: Session) -> int:
    """Retry events that an older release parked and this one knows; return how many."""
    unknown = session.scalars(
        select(DeferredEvent).where(
            DeferredEvent.state == DeferredState.PARKED,
            or_(*(DeferredEvent.reason.startswith(kind) for kind in LATER_RELEASE)),
        )
    ).all()
    known = [row for row in unknown if _event_name(row.reason or "") in events.EVENTS]
    for row in known:
        row.state, row.next_attempt_at = DeferredState.DEFERRED, AT_ONCE
    return len(known)


def _event_name(reason: str) -> str:
    return reason.rsplit(" ", 1)[-1].removeprefix(events.PREFIX)


def replay(session: Session, *, event_ids: Sequence[object]) -> int:
    """Make these parked events due now; return how many were parked."""
    replayed = session.execute(
        update(DeferredEvent)
        .where(DeferredEvent.event_id.in_(event_ids), DeferredEvent.state == DeferredState.PARKED)
        .values(state=DeferredState.DEFERRED, next_attempt_at=AT_ONCE, started=0, attempts=0)
        .returning(DeferredEvent.event_id)
    )
    return len(replayed.all())


def discard(session: Session, *, event_ids: Sequence[object], reason: str) -> int:
    """Stop retrying these parked events for good; return how many were parked."""
    discarded = session.execute(
        update(DeferredEvent)
        .where(DeferredEvent.event_id.in_(event_ids), DeferredEvent.state == DeferredState.PARKED)
        .values(
            state=DeferredState.DISCARDED,
            reason=f"discarded: {reason}"[:500],
            last_seen_at=now(),
        )
        .returning(DeferredEvent.event_id)
    )
    return len(discarded.all())


def _row(session: Session, received: Received, *, queue: str) -> DeferredEvent:
    return _locked_row(
        session,
        event_id=received.event_id,
        event_type=received.name,
        queue=queue,
        envelope=received.envelope,
        content_type=CONTENT_TYPE,
    )


def _locked_row(session: Session, **columns: object) -> DeferredEvent:
    """The row of this event, created if missing and locked until the transaction ends."""
    values = {
        **columns,
        "state": DeferredState.DEFERRED,
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
