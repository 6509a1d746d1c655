"""The way back: what a consumer returned, could not finish, or did not want.

A message delivered too often, or rejected, is marked dead and moved to the dead-letter exchange of
its queue in the same transaction. Where that exchange does not exist or reaches no queue, the mark
stays and `bury` tries again later: as RabbitMQ's at-least-once dead-lettering, it never drops.
"""

import json
import sqlite3
from typing import Any

from amqp.exceptions import NotFound

from shared.broker.sqlite.store import insert, queues_for, writing


def give_back(db: sqlite3.Connection, ids: list[int]) -> None:
    """Return messages to their old places; those delivered too often die instead."""
    with writing(db):
        _give_back(db, ids)


def kill(db: sqlite3.Connection, ids: list[int]) -> None:
    """Move what was rejected to the dead-letter exchange of its queue; without one, delete it."""
    with writing(db):
        _mark_dead(db, ids, reason="rejected")
        bury(db)


def reclaim(db: sqlite3.Connection, owner: str) -> None:
    """Give back everything that a dead owner held."""
    with writing(db):
        rows = db.execute("select id from message where owner = ?", (owner,)).fetchall()
        _give_back(db, [number for (number,) in rows])


def bury(db: sqlite3.Connection) -> None:
    """Move the dead on; the caller holds the transaction. What has nowhere to go yet stays."""
    rows = db.execute(
        "select message.id, queue, properties, body, dead, arguments from message"
        " join queue on queue.name = message.queue where dead is not null order by message.id"
    ).fetchall()
    for number, queue, properties, body, reason, arguments in rows:
        if _move(db, queue, json.loads(arguments), (json.loads(properties), body, reason)):
            db.execute("delete from message where id = ?", (number,))


def _give_back(db: sqlite3.Connection, ids: list[int]) -> None:
    spent = []
    for number in ids:
        row = db.execute(
            "update message set owner = null where id = ? returning deliveries, ("
            "select arguments from queue where name = message.queue)",
            (number,),
        ).fetchone()
        if row and row[0] > json.loads(row[1] or "{}").get("x-delivery-limit", row[0]):
            spent.append(number)
    _mark_dead(db, spent, reason="delivery_limit")
    bury(db)


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
    """Put the letter where it belongs now; False if it must stay because no queue takes it yet."""
    if "x-dead-letter-exchange" not in arguments:
        return True
    properties, body, reason = letter
    came_by = properties["delivery_info"]
    key = arguments.get("x-dead-letter-routing-key", came_by["routing_key"])
    try:
        reached = queues_for(db, exchange=arguments["x-dead-letter-exchange"], key=key)
    except NotFound:
        return False
    headers = properties["headers"]
    headers.setdefault("x-first-death-exchange", came_by["exchange"])
    headers.setdefault("x-first-death-queue", queue)
    headers.setdefault("x-first-death-reason", reason)
    came_by.update(exchange=arguments["x-dead-letter-exchange"], routing_key=key)
    insert(db, reached, properties=properties, body=body)
    return bool(reached)
