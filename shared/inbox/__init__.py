"""Inbox: an event takes effect exactly once, because its key and its effect share a transaction.

The broker may deliver an event twice, late or out of order. The inbox row makes the second delivery
a no-op, and the version in every state makes the order unimportant. An event that cannot be handled
yet becomes a row that a loop tries again (deferred). One that cannot be handled at all becomes a
row that waits for a person (parked). A delivery is acknowledged only after its effect or its row is
committed, so no event is lost.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import bindparam, exists, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shared import crash, db, logs
from shared.broker.consumer import Delivery, Verdict
from shared.events import NotYet
from shared.inbox import retries
from shared.inbox.failures import FailureKind, failure_reason
from shared.inbox.reading import CONTENT_TYPE, Received, Unreadable, read
from shared.inbox.slow import SlowHandler
from shared.restore import restores
from shared.tables import DeferredEvent, InboxRow, Tombstone, now

log = logs.logger(__name__)

Effect = Callable[[Session, dict[str, Any]], None]


Handler = Effect | SlowHandler

RETRYABLE = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock


def handle(delivery: Delivery, *, handlers: Mapping[str, Handler]) -> Verdict:
    """Handle one delivery; never raises.

    Returns ACK once the effect, or a row for a later attempt, is committed. Returns PAUSE if that
    failed, usually because the database is away: the message stays unacknowledged until later.
    """
    try:
        _handle(delivery, handlers)
    except DBAPIError as error:
        log.warning("database is unavailable", error=str(error.orig)[:200])
        return Verdict.PAUSE
    except Exception:
        log.exception("delivery could not be handled")
        return Verdict.PAUSE
    return Verdict.ACK


def _handle(delivery: Delivery, handlers: Mapping[str, Handler]) -> None:
    try:
        received = read(delivery)
    except Unreadable as error:
        with db.begin() as session:
            retries.park_unreadable(session, delivery, error)
        return
    with logs.bound(received.traceparent, event_id=str(received.event_id), event=received.name):
        if delivery.dead:
            with db.begin() as session:
                retries.retry_dead_letter(session, delivery, received)
            return
        if delivery.redelivered:
            with db.begin() as session:
                if not retries.may_start(session, received, queue=delivery.queue):
                    return
        _attempt(received, queue=delivery.queue, handlers=handlers)


def _attempt(received: Received, *, queue: str, handlers: Mapping[str, Handler]) -> None:
    """Run the handler; if it fails, save the event as a row."""
    if received.name not in handlers:  # parked for a later release that handles it
        with db.begin() as session:
            reason = failure_reason(FailureKind.UNKNOWN_TYPE, f"no handler for {received.name}")
            retries.park(session, received, queue=queue, reason=reason)
        return
    try:
        is_new = _in_one_transaction(received, handlers)
    except NotYet as error:
        with db.begin() as session:
            reason = failure_reason(FailureKind.NOT_YET, str(error))
            retries.defer(session, received, queue=queue, reason=reason)
    except (ValidationError, PermissionError) as error:
        with db.begin() as session:
            reason = failure_reason(FailureKind.REFUSED, str(error))
            retries.park(session, received, queue=queue, reason=reason)
    except Exception as error:  # a bug: log it and retry later
        if isinstance(error, DBAPIError) and db.unreachable(error):
            raise
        log.exception("handler failed")
        with db.begin() as session:
            reason = failure_reason(FailureKind.HANDLER_ERROR, type(error).__name__)
            retries.defer(session, received, queue=queue, reason=reason)
    else:
        crash.point("consumer.after_commit")
        log.info("event handled" if is_new else "duplicate event ignored")


def _in_one_transaction(received: Received, handlers: Mapping[str, Handler]) -> bool:
    effect = _effect(handlers[received.name], received.data)
    for may_retry in (True, True, False):
        try:
            with db.begin() as session:
                is_new = _apply_once(session, received, effect)
                crash.point("consumer.before_commit")
            return is_new
        except DBAPIError as error:
            if not may_retry or getattr(error.orig, "sqlstate", None) not in RETRYABLE:
                raise
    raise AssertionError("unreachable")


def _effect(handler: Handler, data: dict[str, Any]) -> Effect:
    """What to do in the transaction, once the slow part is done.

    If `prepare` fails, its error is raised later, in the transaction, and only if the event is new
    and names no erased person.
    """
    if not isinstance(handler, SlowHandler):
        return handler
    try:
        prepared = handler.prepare(data)
    except Exception as error:
        return partial(_fail, error)
    return lambda session, data: handler.store(session, data, prepared)


def _fail(error: Exception, session: Session, data: dict[str, Any]) -> None:
    raise error


def _apply_once(session: Session, received: Received, effect: Effect) -> bool:
    """Insert the key and apply the effect; False if the key existed, so the effect did too."""
    digest = hashlib.sha256(received.envelope).digest()
    parameters = {
        "event_id": received.event_id,
        "event_type": received.name,
        "sha256": digest,
        "handled_at": now(),
        "event": received.event_id,
        "subjects": _subjects(received),
    }
    inserted = session.execute(_insert_key(session.get_bind().dialect.name), parameters).first()
    is_new = inserted is not None
    has_row, is_erased = inserted or session.execute(_STATUS, parameters).one()
    if is_new and is_erased:
        log.warning("event about an erased person dropped")
    elif is_new:
        restores.set_cause(session, happened_at=received.happened_at)
        effect(session, received.data)
    else:
        first = session.get(InboxRow, received.event_id)
        if first is not None and first.sha256 != digest:
            log.error("id_conflict: same event id with other bytes; keeping the first")
    if has_row:
        retries.remove(session, received)
    return is_new


def _subjects(received: Received) -> list[Any]:
    """The ids of people and proposals; a tombstone for any of them cancels the event."""
    if received.name.startswith("person."):
        return []
    data = received.data
    people = {person["person_id"] for person in data.get("people", [])}
    people |= {data[name] for name in ("person_id", "proposal_id") if data.get(name)}
    return db.padded(people)


# Not "event_id": in an INSERT that parameter holds the value of the column.
_HAS_ROW = exists().where(DeferredEvent.event_id == bindparam("event"))
_IS_ERASED = exists().where(Tombstone.subject_id.in_(bindparam("subjects", expanding=True)))
_STATUS = select(_HAS_ROW, _IS_ERASED)
"""Whether the event has a row in `work`, and whether one of its subjects is erased."""


@cache
def _insert_key(dialect: str) -> Any:
    """Inserts the key of a new event and returns its status in the same statement."""
    table = inspect(InboxRow).local_table
    values: dict[str, Any] = {column.name: bindparam(column.name) for column in table.c}
    statement = db.insert_in(dialect, table).values(values)
    return statement.on_conflict_do_nothing().returning(_HAS_ROW, _IS_ERASED)


def retry(*, handlers: Mapping[str, Handler]) -> int:
    """Retry the deferred events that are due, each in its own transaction; return how many."""
    with db.read() as session:
        rows = retries.due(session)
    for row in rows:
        delivery = Delivery(
            body=row.envelope,
            content_type=row.content_type,
            content_encoding=None,
            headers={},
            redelivered=True,
            queue=row.queue,
            dead=False,
        )
        if handle(delivery, handlers=handlers) is Verdict.PAUSE:
            break
    return len(rows)


__all__ = [
    "CONTENT_TYPE",
    "Handler",
    "Received",
    "SlowHandler",
    "Unreadable",
    "handle",
    "read",
    "retry",
]
