"""Events come in exactly once in effect: the key, the effect and what follows share one
transaction.

The broker may deliver an event twice, late or out of order. The inbox row makes the second delivery
a no-op; the version in every state makes order unimportant. What cannot be handled yet is a row
that
a loop tries again (deferred); what cannot be handled at all, a row that a person sees (parked).
Nothing that arrives is dropped in silence: it is acknowledged after its effect, or such a row, is
committed.
"""

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import bindparam, exists, inspect, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shared import crash, db, logs
from shared.broker.consumer import Delivery, Verdict
from shared.events import NotYet
from shared.inbox import retries
from shared.inbox.reading import CONTENT_TYPE, Received, Unreadable, read
from shared.tables import DeferredEvent, InboxRow, Tombstone, now

log = logs.logger(__name__)

Handler = Callable[[Session, dict[str, Any]], None]

REPEAT = {"40001", "40P01"}  # PostgreSQL: serialization failure, deadlock; worth a second try


def handle(delivery: Delivery, *, handlers: Mapping[str, Handler]) -> Verdict:
    """Take one delivery to its outcome; never raises.

    ACK: its effect, or the row that stands for it, is committed. PAUSE: that could not be done (as
    a rule the database is away), so the message stays unacknowledged and is offered again.
    """
    try:
        _handle(delivery, handlers)
    except DBAPIError as error:
        log.warning("database cannot be used", error=str(error.orig)[:200])
        return Verdict.PAUSE
    except Exception:
        log.exception("a delivery could not be settled")
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
    """Run the handler; an event that cannot be handled becomes a row."""
    if received.name not in handlers:  # kept for a release that listens to it
        with db.begin() as session:
            reason = f"unknown_type: nobody here listens to {received.name}"
            retries.park(session, received, queue=queue, reason=reason)
        return
    try:
        fresh = _in_one_transaction(received, handlers)
    except NotYet as error:
        with db.begin() as session:
            retries.defer(session, received, queue=queue, reason=f"not yet: {error}")
    except (ValidationError, PermissionError) as error:
        with db.begin() as session:
            retries.park(session, received, queue=queue, reason=f"refused: {error}")
    except Exception as error:  # a fault of ours: try later, show it, never lose it
        if isinstance(error, DBAPIError) and db.unreachable(error):
            raise
        log.exception("handler failed")
        with db.begin() as session:
            reason = f"handler_error: {type(error).__name__}"
            retries.defer(session, received, queue=queue, reason=reason)
    else:
        crash.point("consumer.after_commit")
        log.info("event handled" if fresh else "event was handled before")


def _in_one_transaction(received: Received, handlers: Mapping[str, Handler]) -> bool:
    for again in (True, True, False):
        try:
            with db.begin() as session:
                fresh = _once(session, received, handlers)
                crash.point("consumer.before_commit")
            return fresh
        except DBAPIError as error:
            if not again or getattr(error.orig, "sqlstate", None) not in REPEAT:
                raise
    raise AssertionError("unreachable")


def _once(session: Session, received: Received, handlers: Mapping[str, Handler]) -> bool:
    """Key and effect; False where the key was there, which means that the effect was too."""
    digest = hashlib.sha256(received.envelope).digest()
    given = {
        "event_id": received.event_id,
        "event_type": received.name,
        "sha256": digest,
        "handled_at": now(),
        "event": received.event_id,
        "subjects": _subjects(received),
    }
    new = session.execute(_key(session.get_bind().dialect.name), given).first()
    fresh = new is not None
    kept, erased = new or session.execute(_KNOWN, given).one()
    if fresh and erased:
        log.warning("event about an erased person dropped")
    elif fresh:
        handlers[received.name](session, received.data)
    else:
        before = session.get(InboxRow, received.event_id)
        if before is not None and before.sha256 != digest:
            log.error("id_conflict: the same id with other bytes; the first stands")
    if kept:
        retries.remove(session, received)
    return fresh


def _subjects(received: Received) -> list[Any]:
    """Whom and what the event is about: where a tombstone of one stands, it has no effect."""
    if received.name.startswith("person."):
        return []
    data = received.data
    people = {person["person_id"] for person in data.get("people", [])}
    people |= {data[name] for name in ("person_id", "proposal_id") if data.get(name)}
    return db.padded(people)


# Not "event_id": in an INSERT that is the name of the column's own value.
_KEPT = exists().where(DeferredEvent.event_id == bindparam("event"))
_ERASED = exists().where(Tombstone.subject_id.in_(bindparam("subjects", expanding=True)))
_KNOWN = select(_KEPT, _ERASED)
"""Whether a row of work stands for the event, and a tombstone for one of its subjects."""


@cache
def _key(dialect: str) -> Any:
    """Puts the key of an event that is new here, and tells what is known of it in the same go."""
    rows = inspect(InboxRow).local_table
    put = db.insert_in(dialect, rows).values({one.name: bindparam(one.name) for one in rows.c})
    return put.on_conflict_do_nothing().returning(_KEPT, _ERASED)


def retry(*, handlers: Mapping[str, Handler]) -> int:
    """Try the deferred events that are due, each in a transaction of its own; return how many."""
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


__all__ = ["CONTENT_TYPE", "Handler", "Received", "Unreadable", "handle", "read", "retry"]
