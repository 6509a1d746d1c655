"""Which time it is: one clock for all processes that share a database.

On PostgreSQL that is the clock of its server: machines differ, and a time that one process writes
is read by others. Each connection measures how far our own clock is off, and `now` corrects it. A
SQLite file is used on one machine, which has one clock.

Leases must not depend on any time of day, which an administrator can set. They count in ticks: on
PostgreSQL the seconds of its server, on SQLite those since the machine started.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Float, func, literal
from sqlalchemy.orm import Session

TOLERATED = 1.0  # seconds: what an ordinary network and a synchronized clock may differ
MEASURED_FOR = 60.0  # seconds after which a measurement is old

_off = timedelta(0)  # our clock minus that of the database; a process has one database
_measured_at: float | None = None


def system() -> datetime:
    """The time by the clock of this machine."""
    return datetime.now(UTC)


def now() -> datetime:
    """The current time in UTC, by the clock of the database."""
    return system() - _off


def is_old() -> bool:
    """Whether the difference should be measured again."""
    return _measured_at is None or time.monotonic() - _measured_at > MEASURED_FOR


def measured(database: datetime, *, before: datetime, after: datetime) -> None:
    """Note the database's time, asked for between two times of ours."""
    global _off, _measured_at
    off = before + (after - before) / 2 - database
    _off = off if abs(off.total_seconds()) > TOLERATED else timedelta(0)
    _measured_at = time.monotonic()


def tick(session: Session) -> ColumnElement[Any]:
    """The shared clock in seconds, from an unknown beginning."""
    if session.get_bind().dialect.name == "sqlite":
        return literal(time.monotonic(), Float(53))
    return func.extract("epoch", func.clock_timestamp()).cast(Float(53))
