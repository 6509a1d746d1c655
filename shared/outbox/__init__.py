"""Transactional outbox: an event is a row, written in the transaction of the change it reports.

A request never talks to the broker, so people can submit while it is down. The relay publishes due
rows and marks those that the broker confirmed, by delivery tag. In doubt a row stays and is
published again, and the inbox of the consumer drops the duplicate. The relay publishes only the
earliest unpublished event of each thing, which keeps the events of one thing in order.
"""

import uuid
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, Protocol

from marshmallow import ValidationError
from sqlalchemy import bindparam, case, exists, func, insert, inspect, select, text, update
from sqlalchemy.orm import Session

from shared import crash, db, events, logs, strict_json
from shared.broker.publisher import Message, Outcome, Refusal
from shared.tables import OutboxRow, now

log = logs.logger(__name__)

BATCH = 1024  # a length of `db.padded`
# The envelopes of these are blanked once published: mail requests hold sign-in links, and status
# reports are long and replaced every few seconds.
BLANKED = ("mail.requested.v1", "service.changed.v1", "inventory.taken.v1")
CONFIRM_WITHIN = 5.0  # seconds of silence, after which the event is in doubt
BACKOFF = {
    Refusal.NACKED: (1, 60),
    Refusal.UNROUTABLE: (30, 30),
}  # first and longest pause in seconds
CHANNEL = "outbox"


class TooLarge(ValueError):
    """The event is larger than its limit in `shared.events`; it may not enter the outbox."""


class Unconfirmed(Exception):
    """The broker neither confirmed nor refused some events; they will be published again."""


class Publishes(Protocol):
    """The publisher that the relay needs."""

    def publish(
        self, messages: list[Message], *, deadline: float = ..., on_published: Any = ...
    ) -> Outcome: ...


def add(
    session: Session,
    name: str,
    data: dict[str, Any],
    *,
    only_last: bool = False,
    at: datetime | None = None,
) -> uuid.UUID:
    """Add one event to the outbox in the running transaction; return its id.

    `only_last` drops the states of the same thing that this transaction added before, so that
    nobody acts on a state that never was. `at` is when it came about, if that was not just now.

    `data` is the whole state of the thing, in Python types. Raises marshmallow.ValidationError if
    it does not fit the schema and TooLarge over the event's limit. Both are bugs, and roll the
    change back.
    """
    event = events.EVENTS[name]
    schema = events.strict(name)
    if unknown := data.keys() - schema.fields.keys():  # `dump` would drop them silently
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
            "time": (at or now()).isoformat(),
            "datacontenttype": "application/json",
            "traceparent": logs.traceparent(),
            "data": plain,
        }
    )
    if len(envelope) > event.max_bytes:
        raise TooLarge(f"{name} has {len(envelope)} bytes, the limit is {event.max_bytes}")
    row = {"event_id": event_id, "event_type": name, "thing": thing, "envelope": envelope}
    row["remains"] = _remains(plain) if name == "mail.requested.v1" else None
    pending = session.info.setdefault("events", [])
    if only_last:
        pending[:] = [
            each for each in pending if (each["event_type"], each["thing"]) != (name, thing)
        ]
    pending.append(row)
    db.before_commit(session, flush)
    db.notify(session, channel=CHANNEL)
    line = {"event_type": name, "event_id": str(event_id), "thing": thing}
    db.after_commit(session, partial(logs.here(log).info, "event added", **line))
    return event_id


def _remains(request: dict[str, Any]) -> bytes:
    """What is kept of a mail request: which mail, and about which proposal. No link, no text."""
    kept = {name: request[name] for name in ("mail_id", "kind", "proposal_id", "person_id")}
    return strict_json.dumps({"data": kept})


def flush(session: Session) -> None:
    """Insert the events added so far now; the commit would do it anyway."""
    if rows := session.info.pop("events", None):
        session.connection().execute(_INSERT, rows)


# Built once: building a statement costs more than running it.
_ROWS: Any = inspect(OutboxRow).local_table
_INSERT = insert(_ROWS)
_earlier = _ROWS.alias()
DUE = (
    select(*(_ROWS.c[name] for name in ("id", "event_id", "event_type", "envelope")))
    .where(
        _ROWS.c.published_at.is_(None),
        text("outbox.attempts >= 0"),  # the condition of the index ordered by id
        _ROWS.c.next_attempt_at <= bindparam("at"),
        ~exists(
            select(_earlier.c.id)
            .where(
                _earlier.c.thing == _ROWS.c.thing,
                _earlier.c.published_at.is_(None),
                _earlier.c.id < _ROWS.c.id,
            )
            .offset(0)  # keeps it a subquery per row: a join could scan the backlog for each
        ),
    )
    .order_by(_ROWS.c.id)
    .limit(BATCH)
)
"""Events to publish now: unpublished, not paused, and the earliest of their thing."""
_DUE_LOCKED = DUE.with_for_update(skip_locked=True, of=_ROWS)
_PUBLISHED = (
    update(_ROWS)
    .where(_ROWS.c.id.in_(bindparam("ids", expanding=True)), _ROWS.c.published_at.is_(None))
    .values(
        published_at=bindparam("at"),
        last_error=None,
        envelope=case(
            (_ROWS.c.event_type.in_(BLANKED), func.coalesce(_ROWS.c.remains, b"")),
            else_=_ROWS.c.envelope,
        ),
    )
)
_MORE_DUE = exists().where(
    _earlier.c.published_at.is_(None),
    _earlier.c.next_attempt_at <= bindparam("at"),
    _earlier.c.id.not_in(bindparam("ids", expanding=True)),
)
_PUBLISHED_AND_MORE = _PUBLISHED.returning(_MORE_DUE)
# While a backlog grows, the statistics of PostgreSQL still say that it is empty, and the planner
# would sort all of it for each turn instead of reading the index in order.
_IN_ORDER = text("SET LOCAL enable_sort = off")


class RelayResult(NamedTuple):
    """The number of confirmed events, and whether more may be due already."""

    confirmed: int
    more_due: bool


def relay(publisher: Publishes) -> RelayResult:
    """Publish one batch of due events.

    On PostgreSQL the rows stay locked until they are marked: any number of relays may run, and a
    killed one frees its rows at once. On SQLite there is one relay (its worker holds the file
    lock), and no write transaction stays open while it publishes. Raises Unconfirmed after
    marking the confirmed events.
    """
    if db.embedded():
        with db.read() as session:
            rows = session.execute(DUE, {"at": now()}).all()
        outcome = _publish(rows, publisher)
        with db.begin() as session:
            more_due = _mark(session, outcome)
    else:
        with db.begin() as session:
            session.execute(_IN_ORDER)
            outcome = _publish(session.execute(_DUE_LOCKED, {"at": now()}).all(), publisher)
            more_due = _mark(session, outcome, ask_database=len(outcome.confirmed) < BATCH)
    if outcome.failure is not None:
        raise Unconfirmed(f"broker: {outcome.failure}") from outcome.failure
    return RelayResult(len(outcome.confirmed), more_due)


def _publish(rows: Any, publisher: Publishes) -> Outcome:
    if not rows:
        return Outcome(confirmed=set(), refused={}, failure=None)
    crash.point("relay.after_claim")
    messages = [
        Message(key, name, str(event_id), envelope) for key, event_id, name, envelope in rows
    ]
    outcome = publisher.publish(
        messages, deadline=CONFIRM_WITHIN, on_published=lambda: crash.point("relay.after_publish")
    )
    crash.point("relay.before_mark")
    return outcome


def _mark(session: Session, outcome: Outcome, *, ask_database: bool = False) -> bool:
    """Save the outcome of each event; return whether more are due (without asking: may be due)."""
    parameters = {"ids": db.padded(outcome.confirmed), "at": now()}
    more_due = bool(outcome.confirmed)
    if more_due and ask_database:
        more_due = any(session.scalars(_PUBLISHED_AND_MORE, parameters))
    elif more_due:
        session.execute(_PUBLISHED, parameters)
    for key, reason in outcome.refused.items():
        row = session.get(OutboxRow, key)
        if row is None:
            continue
        first, longest = BACKOFF[reason]
        row.attempts += 1
        row.last_error = reason
        row.next_attempt_at = now() + timedelta(
            seconds=min(longest, first * 2 ** (row.attempts - 1))
        )
        log.warning("broker refused the event", event_id=str(row.event_id), reason=reason)
    return more_due
