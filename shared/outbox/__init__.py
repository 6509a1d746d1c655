"""Events leave a service by being written beside the change that caused them.

A request never talks to the broker: if that is down, people can still send. The relay publishes
what is due and marks what the broker confirmed, by delivery tag; on any doubt the row stays and is
published again, and the inbox of the listener drops the second. Of one thing only the earliest
unpublished event is ever on its way, so the order within a thing holds while many things travel.
"""

import uuid
from datetime import timedelta
from typing import Any, NamedTuple, Protocol

from marshmallow import ValidationError
from sqlalchemy import bindparam, case, exists, insert, inspect, select, text, update
from sqlalchemy.orm import Session

from shared import crash, db, events, logs, strict_json
from shared.broker.publisher import Message, Outcome
from shared.tables import OutboxRow, now

log = logs.logger(__name__)

BATCH = 1024  # a length of `db.padded`
# Once the broker has them. What asks for a mail holds the link that lets its reader in; how a
# service stands is long, and told anew every few seconds.
NOT_KEPT = ("mail.requested.v1", "service.changed.v1")
CONFIRM_WITHIN = 5.0  # seconds of silence; more is doubt
BACKOFF = {"nacked": (1, 60), "unroutable": (30, 30)}  # first and longest pause, in seconds
CHANNEL = "outbox"


class TooLarge(ValueError):
    """An event over its limit; nothing oversized may enter the outbox."""


class Doubt(Exception):
    """The broker did not say what became of some events; they stay and are published again."""


class Publishes(Protocol):
    """The broker's edge, as the relay sees it."""

    def publish(
        self, messages: list[Message], *, deadline: float = ..., on_published: Any = ...
    ) -> Outcome: ...


def add(session: Session, name: str, data: dict[str, Any]) -> uuid.UUID:
    """Write one event into the outbox of the running transaction and return its id.

    `data` is the whole state of the thing, in Python's types; it is checked against the schema of
    the vocabulary. Raises marshmallow.ValidationError for a wrong shape and TooLarge over the
    event's limit: both are mistakes of ours and roll the change back.
    """
    event = events.EVENTS[name]
    schema = events.strict(name)
    if unknown := data.keys() - schema.fields.keys():  # `dump` would leave them out in silence
        raise ValidationError({field: ["Unknown field."] for field in unknown})
    plain = schema.dump(data)
    schema.load(plain)
    event_id = uuid.uuid4()
    thing = str(plain[event.thing])
    envelope = strict_json.dumps(
        {
            "specversion": "1.0",
            "id": str(event_id),
            "source": f"/overture/{session.info['service']}",
            "type": events.PREFIX + name,
            "subject": thing,
            "time": now().isoformat(),
            "datacontenttype": "application/json",
            "traceparent": logs.traceparent(),
            "data": plain,
        }
    )
    if len(envelope) > event.max_bytes:
        raise TooLarge(f"{name} of {len(envelope)} bytes, at most {event.max_bytes}")
    row = {"event_id": event_id, "event_type": name, "thing": thing, "envelope": envelope}
    session.info.setdefault("events", []).append(row)
    db.at_the_end(session, write)
    db.notify(session, channel=CHANNEL)
    log.info("event added", event_type=name, event_id=str(event_id), thing=thing)
    return event_id


def write(session: Session) -> None:
    """Put in at once what this transaction has added so far; its end does so anyway."""
    if rows := session.info.pop("events", None):
        session.connection().execute(_PUT, rows)


# Statements are made once: to put one together costs more than to run it.
_ROWS: Any = inspect(OutboxRow).local_table
_PUT = insert(_ROWS)
_earlier = _ROWS.alias()
DUE = (
    select(*(_ROWS.c[name] for name in ("id", "event_id", "event_type", "envelope")))
    .where(
        _ROWS.c.published_at.is_(None),
        text("outbox.attempts >= 0"),  # in the words of the index that has the order
        _ROWS.c.next_attempt_at <= bindparam("at"),
        ~exists(
            select(_earlier.c.id)
            .where(
                _earlier.c.thing == _ROWS.c.thing,
                _earlier.c.published_at.is_(None),
                _earlier.c.id < _ROWS.c.id,
            )
            .offset(0)  # a question for each: joined, each could meet all that waits
        ),
    )
    .order_by(_ROWS.c.id)
    .limit(BATCH)
)
"""The events that may leave now: unpublished, not in a pause, no earlier one of their thing."""
_MINE = DUE.with_for_update(skip_locked=True, of=_ROWS)
_PUBLISHED = (
    update(_ROWS)
    .where(_ROWS.c.id.in_(bindparam("ids", expanding=True)), _ROWS.c.published_at.is_(None))
    .values(
        published_at=bindparam("at"),
        last_error=None,
        envelope=case((_ROWS.c.event_type.in_(NOT_KEPT), b""), else_=_ROWS.c.envelope),
    )
)
_MORE = exists().where(
    _earlier.c.published_at.is_(None),
    _earlier.c.next_attempt_at <= bindparam("at"),
    _earlier.c.id.not_in(bindparam("ids", expanding=True)),
)
_PUBLISHED_AND_MORE = _PUBLISHED.returning(_MORE)
# While a backlog grows PostgreSQL still believes that next to nothing waits, and would put all of
# it in order for each turn; the index has that order already.
_IN_ORDER = text("SET LOCAL enable_sort = off")


class Turn(NamedTuple):
    """How many events the broker confirmed, and whether another turn may find some at once."""

    confirmed: int
    more: bool


def relay(publisher: Publishes) -> Turn:
    """Publish what is due, once.

    On PostgreSQL the rows stay locked until they are marked, so any number of relays may run and a
    killed one frees its rows at once. On SQLite there is one relay (its worker holds the file
    lock), and a write transaction is never held open while publishing. Raises Doubt, after marking
    what was confirmed before.
    """
    if db.embedded():
        with db.read() as session:
            rows = session.execute(DUE, {"at": now()}).all()
        outcome = _publish(rows, publisher)
        with db.begin() as session:
            more = _mark(session, outcome)
    else:
        with db.begin() as session:
            session.execute(_IN_ORDER)
            outcome = _publish(session.execute(_MINE, {"at": now()}).all(), publisher)
            more = _mark(session, outcome, asking=len(outcome.confirmed) < BATCH)
    if outcome.doubt is not None:
        raise Doubt(f"broker: {outcome.doubt}") from outcome.doubt
    return Turn(len(outcome.confirmed), more)


def _publish(rows: Any, publisher: Publishes) -> Outcome:
    if not rows:
        return Outcome(confirmed=set(), refused={}, doubt=None)
    crash.point("relay.after_claim")
    messages = [Message(key, name, str(own), envelope) for key, own, name, envelope in rows]
    outcome = publisher.publish(
        messages, deadline=CONFIRM_WITHIN, on_published=lambda: crash.point("relay.after_publish")
    )
    crash.point("relay.before_mark")
    return outcome


def _mark(session: Session, outcome: Outcome, *, asking: bool = False) -> bool:
    """Write down what became of each; whether more waits, where that is asked, else whether it
    may."""
    given = {"ids": db.padded(outcome.confirmed), "at": now()}
    more = bool(outcome.confirmed)
    if more and asking:
        more = any(session.scalars(_PUBLISHED_AND_MORE, given))
    elif more:
        session.execute(_PUBLISHED, given)
    for key, reason in outcome.refused.items():
        row = session.get(OutboxRow, key)
        if row is None:
            continue
        first, longest = BACKOFF.get(reason, (1, 60))
        row.attempts += 1
        row.last_error = reason
        row.next_attempt_at = now() + timedelta(
            seconds=min(longest, first * 2 ** (row.attempts - 1))
        )
        log.warning("event refused by the broker", event_id=str(row.event_id), reason=reason)
    return more
