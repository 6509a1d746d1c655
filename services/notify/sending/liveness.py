"""Liveness by lock, not by clock: a sender that ends, in whatever way, lets go of its key at once.

On PostgreSQL the key is an advisory lock on a connection of its own. On SQLite the worker's file
lock lets only one sender run, so a key that is not its own belongs to a dead one. Each shift takes
a new key: after trouble with the database, what the old shift left behind is found like that of
any dead sender.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared import db


class Shift(NamedTuple):
    """`check` raises DBAPIError when the lock went away with its connection."""

    worker_key: int
    check: Callable[[], None]


@contextmanager
def shift() -> Iterator[Shift]:
    """Hold a fresh key until the end of the block."""
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
            link.invalidate()  # the lock is the session's: it must not go back into the pool


def is_dead(session: Session, key: int | None, *, mine: int) -> bool:
    """Whether the sender that held this key is gone; if so nobody else can find it so until the
    transaction ends."""
    if key == mine:
        return False
    if key is None or db.embedded():
        return True
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key}))
