"""The lease of each worker process, renewed while it runs: who has stopped, and whose clock is off.

A killed process is known by its lock or its connections, at once. A stopped one (SIGSTOP, a frozen
machine) keeps both, so that only the end of its lease shows it.
"""

import os
import secrets
import socket
from typing import Any, NamedTuple

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from shared import db
from shared.db import clock
from shared.db.engines import PROCESS
from shared.tables import WorkerRow

LEASE = 20.0  # seconds
RENEW_EVERY = 5.0


class Standing(NamedTuple):
    """One process as its lease shows it: seconds since it was renewed, and how many its clock is
    ahead of ours.
    """

    pid: int
    host: str
    age: float
    ahead: float
    trouble: str | None

    @property
    def is_over(self) -> bool:
        return not 0 <= self.age <= LEASE

    @property
    def name(self) -> str:
        return f"process {self.pid} on {self.host}"


def new_key() -> int:
    """A key for a lease of a loop; that of a process is `engines.PROCESS`."""
    return secrets.randbits(62)


def renew(session: Session, *, key: int = PROCESS, trouble: str | None = None) -> None:
    """Begin the lease or go on with it. A loop that works under a key of its own has one too."""
    tick = clock.tick(session)
    values: dict[str, Any] = {
        "process": PROCESS,
        "pid": os.getpid(),
        "host": socket.gethostname()[:100],
        "tick": tick,
        "ahead": clock.system().timestamp() - tick,
        "trouble": trouble,
    }
    insert = db.insert(session, WorkerRow).values(key=key, **values)
    session.execute(insert.on_conflict_do_update(index_elements=["key"], set_=values))


def give_up(session: Session, *, all_but: int | None = None) -> None:
    """End the leases of this process and its loops, or only those of earlier loops: `all_but` is
    the key of the loop that goes on.
    """
    ours = delete(WorkerRow).where(WorkerRow.process == PROCESS)
    if all_but is not None:
        ours = ours.where(WorkerRow.key.not_in((PROCESS, all_but)))
    session.execute(ours)


def is_over(session: Session, key: int) -> bool:
    """Whether this lease has ended without being given up."""
    age = clock.tick(session) - WorkerRow.tick
    return bool(session.scalar(select(age > LEASE).where(WorkerRow.key == key)))


def standings(session: Session) -> list[Standing]:
    """Every worker process of this service."""
    tick = clock.tick(session)
    ours = clock.system().timestamp() - tick
    query = select(
        WorkerRow.pid,
        WorkerRow.host,
        tick - WorkerRow.tick,
        WorkerRow.ahead - ours,
        WorkerRow.trouble,
    ).where(WorkerRow.key == WorkerRow.process)
    return [Standing(*row) for row in session.execute(query.order_by(WorkerRow.key))]


def remove_dead(session: Session) -> None:
    """Remove the leases of processes that no longer run. On SQLite only the holder of the lock of
    the service may call it.
    """
    if db.embedded():
        session.execute(delete(WorkerRow).where(WorkerRow.process != PROCESS))
    else:
        session.execute(delete(WorkerRow).where(_HAS_NO_CONNECTION, WorkerRow.process != PROCESS))


_HAS_NO_CONNECTION = text(
    "NOT EXISTS (SELECT 1 FROM pg_stat_activity"
    " WHERE application_name LIKE 'overture-%-' || to_hex(process))"
)
