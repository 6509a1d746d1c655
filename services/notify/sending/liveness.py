"""Liveness by lock, not by clock: a sender that ends for any reason releases its key at once.

On PostgreSQL the key is an advisory lock on its own connection. On SQLite the file lock of the
worker lets only one sender run, so any other key belongs to a dead sender. Each shift takes a new
key: after trouble with the database, the mails of the old shift are recovered like those of any
dead sender.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared import db


class Shift(NamedTuple):
    """`check` raises DBAPIError if the lock was lost with its connection."""

    worker_key: int
    check: Callable[[], None]


@contextmanager
def shift() -> Iterator[Shift]:
    """Hold a new key until the end of the block."""
    key = secrets.randbits(62)
    if db.embedded():
        yield Shift(key, lambda: None)
        return
    engine = db.database().engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
        try:
            yield Shift(key, lambda: link.execute(text("SELECT 1")).close())
        finally:
            link.invalidate()  # it has the lock, so it must not go back into the pool


def is_dead(session: Session, key: int | None, *, mine: int) -> bool:
    """Whether the sender with this key is dead. If it is, this transaction holds its key until it
    ends, so no other sender recovers the same mails.
    """
    if key == mine:
        return False
    if key is None or db.embedded():
        return True
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key}))
