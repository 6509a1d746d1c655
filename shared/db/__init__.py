"""One engine a process, two ways in: `begin()` writes and commits, `read()` only looks.

Whoever writes `with db.begin()` commits; only routes, commands and loops do. On SQLite `begin` is
BEGIN IMMEDIATE: a transaction that reads first and writes later would fail at once with "locked",
whatever the time-out.
"""

import sqlite3
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from flask import Flask, current_app
from sqlalchemy import inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from shared.db import engines
from shared.db.polling import FilePoller


class Database:
    """What `init_app` leaves behind: the engine and the two session makers over it."""

    def __init__(self, url: str, service: str):
        self.url = make_url(url)
        self.embedded = self.url.get_backend_name() == "sqlite"
        self.engine = engines.sqlite(url) if self.embedded else engines.postgresql(url)
        writing = self.engine.execution_options(immediate=True)
        self.writer = sessionmaker(writing, expire_on_commit=False, info={"service": service})
        self.reader = sessionmaker(self.engine, expire_on_commit=False)


def init_app(app: Flask) -> None:
    """Make the engine; connects to nothing yet."""
    app.extensions["database"] = Database(app.config["DATABASE_URL"], app.config["SERVICE"])


def database() -> Database:
    """The database of the current app."""
    found: Database = current_app.extensions["database"]
    return found


def embedded() -> bool:
    """Whether this service runs on its SQLite file."""
    return database().embedded


@contextmanager
def begin() -> Iterator[Session]:
    """One writing transaction: commits at the end, rolls back on an exception."""
    with database().writer.begin() as session:
        yield session
        for last in session.info.pop("at_the_end", ()):
            last(session)


@contextmanager
def read() -> Iterator[Session]:
    """A session that only looks; what it changes is thrown away."""
    with database().reader() as session:
        yield session


def unreachable(error: DBAPIError) -> bool:
    """Whether the database is away, full or held by somebody else (a deadlock too), so that later
    is better.

    A statement that ran too long (57014) or was wrong is a fault of the one who said it.
    """
    state = getattr(error.orig, "sqlstate", None)
    if not isinstance(error, OperationalError):
        return error.connection_invalidated
    return state is None or state[:2] in {"08", "40", "53", "55", "58"} or state[:3] == "57P"


def insert(session: Session, table: Any) -> Any:
    """INSERT in the dialect of the session, so that `on_conflict_do_nothing` can be said."""
    return insert_in(session.get_bind().dialect.name, table)


def insert_in(dialect: str, table: Any) -> Any:
    """The same for a statement that is made once."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_new(session: Session, table: Any, *, values: dict[str, Any]) -> bool:
    """Insert the row unless one stands under its key; whether it is new.

    By RETURNING, because the count of inserted rows is not told on PostgreSQL (it is -1). Past the
    mapping, at half the price: what the session holds for later is not written before it.
    """
    put = _put_new(session.get_bind().dialect.name, table)
    return session.execute(put, values).first() is not None


@cache
def _put_new(dialect: str, table: Any) -> Any:
    rows = inspect(table).local_table
    return insert_in(dialect, rows).on_conflict_do_nothing().returning(*rows.primary_key)


def at_the_end(session: Session, last: Callable[[Session], None]) -> None:
    """Call this right before the commit, once however often it is asked for."""
    session.info.setdefault("at_the_end", {})[last] = None


def padded(values: Collection[Any]) -> list[Any]:
    """The values of an IN, the last one repeated until there are 1, 4, 16, 64 … of them: with every
    length another statement would have to be put together, parsed and planned.
    """
    found, size = list(values), 1
    while size < len(found):
        size *= 4
    return found + found[-1:] * (size - len(found))


def notify(session: Session, *, channel: str) -> None:
    """Wake whoever listens, when this transaction commits; SQLite wakes by `changes()` instead.

    Said once a transaction, and without flushing: what else it holds can be written in one go.
    """
    said = session.info.setdefault("notified", set())
    if channel not in said and session.get_bind().dialect.name == "postgresql":
        said.add(channel)
        with session.no_autoflush:
            session.execute(_NOTIFY, {"channel": channel})


_NOTIFY = text("SELECT pg_notify(:channel, '')")


@contextmanager
def changes(channel: str) -> Iterator[Callable[[float], None]]:
    """Yield `wait(seconds)`: returns at once when another transaction may have left work.

    PostgreSQL: LISTEN on a connection of its own. SQLite: PRAGMA data_version every 5 to 20 ms,
    which changes when another connection commits. Both may wake for nothing; neither is the only
    net.
    """
    if embedded():
        with _file_changes() as wait:
            yield wait
    else:
        with _notifications(channel) as wait:
            yield wait


@contextmanager
def _file_changes() -> Iterator[Callable[[float], None]]:
    link = sqlite3.connect(str(database().url.database), timeout=10)
    looks = FilePoller()

    def changed() -> bool:
        return looks.is_news(link.execute("PRAGMA data_version").fetchone()[0])

    def wait(seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not changed():
            looks.pause()

    try:
        changed()
        yield wait
    finally:
        link.close()


@contextmanager
def _notifications(channel: str) -> Iterator[Callable[[float], None]]:
    engine = database().engine
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(text(f'LISTEN "{channel}"'))
        driver: Any = link.connection.driver_connection

        def wait(seconds: float) -> None:
            try:
                for _ in driver.notifies(timeout=seconds, stop_after=1):
                    return
            except engine.dialect.loaded_dbapi.Error:
                link.exec_driver_sql("SELECT 1")  # says it as a DBAPIError, as the rest does
                raise

        try:
            yield wait
        finally:
            link.invalidate()  # a connection that listens must not go back into the pool
