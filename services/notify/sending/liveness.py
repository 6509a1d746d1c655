"""Liveness by lock, and by lease where the lock says nothing.

On PostgreSQL the key is an advisory lock on its own connection, which a sender that ends for any
reason releases at once. One that was stopped (SIGSTOP, a frozen machine) keeps it; its lease ends.
On SQLite the file lock of the worker lets only one sender run, so any other key belongs to a dead
sender. Each shift takes a new key: after trouble with the database, the mails of the old shift are
recovered like those of any dead sender.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from shared import db
from shared.worker import leases

DOT_WITHIN = leases.LEASE / 2
"""Seconds after which a sender may no longer send a dot that was allowed: it was stopped meanwhile,
and the mail may belong to another one. Renewed every five seconds, the lease lasts longer."""


class Shift(NamedTuple):
    """`check` renews the lease, and raises DBAPIError if the lock was lost with its connection."""

    worker_key: int
    check: Callable[[], None]


@contextmanager
def shift() -> Iterator[Shift]:
    """Hold a new key until the end of the block."""
    key = leases.new_key()
    if db.embedded():
        yield Shift(key, lambda: None)
        return
    engine = db.database().engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
        renewed = 0.0

        def check() -> None:
            nonlocal renewed
            link.execute(text("SELECT 1")).close()
            if time.monotonic() - renewed >= leases.RENEW_EVERY:
                with db.begin() as session:
                    leases.renew(session, key=key)
                    leases.give_up(session, all_but=key)
                renewed = time.monotonic()

        try:
            yield Shift(key, check)
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
    lock = text("SELECT pg_try_advisory_xact_lock(:key)")
    return bool(session.scalar(lock, {"key": key})) or leases.is_over(session, key)
