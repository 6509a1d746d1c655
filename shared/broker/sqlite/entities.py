"""Exchanges, queues and bindings of the embedded broker, stored in its file."""

import json
import sqlite3
from typing import Any

from amqp.exceptions import NotFound, PreconditionFailed

from shared.broker.sqlite.routing import MATCHES
from shared.broker.sqlite.store import writing


def require_exchange(db: sqlite3.Connection, name: str) -> None:
    """Raise NotFound (404) unless the exchange exists."""
    if not db.execute("select 1 from exchange where name = ?", (name,)).fetchone():
        raise NotFound(f"NOT_FOUND - no exchange '{name}'", (40, 10))


def require_queue(db: sqlite3.Connection, name: str) -> None:
    """Raise NotFound (404) unless the queue exists."""
    if not db.execute("select 1 from queue where name = ?", (name,)).fetchone():
        raise NotFound(f"NOT_FOUND - no queue '{name}'", (50, 10))


def declare_exchange(
    db: sqlite3.Connection, name: str, *, kind: str, arguments: dict[str, Any] | None
) -> None:
    """Create it, or raise PreconditionFailed (406) if it exists with other arguments."""
    if kind not in MATCHES:
        raise PreconditionFailed(f"PRECONDITION_FAILED - no exchange type '{kind}'", (40, 10))
    expected = (kind, _text(arguments))
    with writing(db):
        db.execute("insert or ignore into exchange values (?, ?, ?)", (name, *expected))
        query = "select type, arguments from exchange where name = ?"
        stored = db.execute(query, (name,)).fetchone()
    if stored != expected:
        message = f"PRECONDITION_FAILED - exchange '{name}' exists with other arguments"
        raise PreconditionFailed(message, (40, 10))


def declare_queue(db: sqlite3.Connection, name: str, *, arguments: dict[str, Any] | None) -> None:
    """Create it, or raise PreconditionFailed (406) if it exists with other arguments."""
    expected = (_text(arguments),)
    with writing(db):
        db.execute("insert or ignore into queue values (?, ?)", (name, *expected))
        stored = db.execute("select arguments from queue where name = ?", (name,)).fetchone()
    if stored != expected:
        message = f"PRECONDITION_FAILED - queue '{name}' exists with other arguments"
        raise PreconditionFailed(message, (50, 10))


def bind(db: sqlite3.Connection, *, queue: str, exchange: str, pattern: str) -> None:
    """Bind the queue to the exchange. Raises NotFound if one of them is missing."""
    require_exchange(db, exchange)
    require_queue(db, queue)
    with writing(db):
        row = (exchange, pattern, queue)
        db.execute("insert or ignore into binding values (?, ?, ?)", row)


def unbind(db: sqlite3.Connection, *, queue: str, exchange: str, pattern: str) -> None:
    with writing(db):
        row = (exchange, pattern, queue)
        db.execute("delete from binding where exchange = ? and pattern = ? and queue = ?", row)


def delete_exchange(db: sqlite3.Connection, name: str) -> None:
    with writing(db):
        db.execute("delete from binding where exchange = ?", (name,))
        db.execute("delete from exchange where name = ?", (name,))


def delete_queue(db: sqlite3.Connection, name: str) -> int:
    """Delete the queue with its bindings and messages; return the number of messages."""
    with writing(db):
        db.execute("delete from binding where queue = ?", (name,))
        db.execute("delete from queue where name = ?", (name,))
        return db.execute("delete from message where queue = ?", (name,)).rowcount


def count_ready(db: sqlite3.Connection, queue: str) -> int:
    """The number of messages without an owner."""
    query = "select count(*) from message where queue = ? and owner is null and dead is null"
    return int(db.execute(query, (queue,)).fetchone()[0])


def purge(db: sqlite3.Connection, queue: str) -> int:
    """Delete the messages without an owner; return how many."""
    with writing(db):
        return db.execute(
            "delete from message where queue = ? and owner is null and dead is null", (queue,)
        ).rowcount


def _text(arguments: dict[str, Any] | None) -> str:
    return json.dumps(arguments or {}, sort_keys=True)
