"""Requeue, reject and dead-letter messages that a consumer did not acknowledge.

A rejected message, or one over the delivery limit, is marked dead and moved to the dead-letter
exchange of its queue in one transaction. If that exchange is missing or reaches no queue, the mark
stays and `move_dead_letters` retries later. Like RabbitMQ's at-least-once dead-lettering, it never
drops a message.
"""

import json
import sqlite3
from typing import Any

from amqp.exceptions import NotFound

from shared.broker.sqlite.store import insert, queues_for, writing


def requeue(db: sqlite3.Connection, ids: list[int]) -> None:
    """Put messages back in their old places; those over the delivery limit are dead-lettered."""
    with writing(db):
        _requeue(db, ids)


def reject(db: sqlite3.Connection, ids: list[int]) -> None:
    """Move messages to the dead-letter exchange of their queue; without one, delete them."""
    with writing(db):
        _mark_dead(db, ids, reason="rejected")
        move_dead_letters(db)


def reclaim(db: sqlite3.Connection, owner: str) -> None:
    """Requeue all messages of a dead owner."""
    with writing(db):
        rows = db.execute("select id from message where owner = ?", (owner,)).fetchall()
        _requeue(db, [number for (number,) in rows])


def move_dead_letters(db: sqlite3.Connection) -> None:
    """Move dead messages if their exchange takes them. The caller holds the transaction."""
    rows = db.execute(
        "select message.id, queue, properties, body, dead, arguments from message"
        " join queue on queue.name = message.queue where dead is not null order by message.id"
    ).fetchall()
    for number, queue, properties, body, reason, arguments in rows:
        if _move(db, queue, json.loads(arguments), (json.loads(properties), body, reason)):
            db.execute("delete from message where id = ?", (number,))


def _requeue(db: sqlite3.Connection, ids: list[int]) -> None:
    over_limit = []
    for number in ids:
        row = db.execute(
            "update message set owner = null where id = ? returning deliveries, ("
            "select arguments from queue where name = message.queue)",
            (number,),
        ).fetchone()
        if row and row[0] > json.loads(row[1] or "{}").get("x-delivery-limit", row[0]):
            over_limit.append(number)
    _mark_dead(db, over_limit, reason="delivery_limit")
    move_dead_letters(db)


def _mark_dead(db: sqlite3.Connection, ids: list[int], *, reason: str) -> None:
    db.executemany(
        "update message set dead = ?, owner = null where id = ?",
        [(reason, number) for number in ids],
    )


def _move(
    db: sqlite3.Connection,
    queue: str,
    arguments: dict[str, Any],
    letter: tuple[dict[str, Any], bytes, str],
) -> bool:
    """Dead-letter one message; False if no queue takes it yet."""
    if "x-dead-letter-exchange" not in arguments:
        return True
    properties, body, reason = letter
    delivery_info = properties["delivery_info"]
    key = arguments.get("x-dead-letter-routing-key", delivery_info["routing_key"])
    try:
        queues = queues_for(db, exchange=arguments["x-dead-letter-exchange"], key=key)
    except NotFound:
        return False
    headers = properties["headers"]
    headers.setdefault("x-first-death-exchange", delivery_info["exchange"])
    headers.setdefault("x-first-death-queue", queue)
    headers.setdefault("x-first-death-reason", reason)
    delivery_info.update(exchange=arguments["x-dead-letter-exchange"], routing_key=key)
    insert(db, queues, properties=properties, body=body)
    return bool(queues)
