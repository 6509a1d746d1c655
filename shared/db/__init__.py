"""One engine per process and two kinds of sessions: `begin()` commits, `read()` never does.

Only routes, commands and loops write `with db.begin()`, and so decide when to commit. On SQLite
`begin` is BEGIN IMMEDIATE: a transaction that reads first and writes later would fail at once with
"locked", whatever the time-out.
"""

import sqlite3
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import func, inspect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from shared.db import engines, private
from shared.db.disk import Room
from shared.db.polling import FilePoller


class Database:
    """The engine of one app and its two session makers."""

    def __init__(self, url: str, service: str):
        self.url = make_url(url)
        self.embedded = self.url.get_backend_name() == "sqlite"
        self.engine = engines.sqlite(url) if self.embedded else engines.postgresql(url)
        self.room = Room(self.url, self.engine)
        writing = self.engine.execution_options(immediate=True)
        self.writer = sessionmaker(writing, expire_on_commit=False, info={"service": service})
        self.reader = sessionmaker(self.engine, expire_on_commit=False)

    def make(self) -> None:
        """Make the file of a SQLite database, and its folder, if they are missing."""
        if self.embedded:
            file = Path(str(self.url.database))
            private.make_folder(file.parent)
            private.make_file(file)


def init_app(app: Flask) -> None:
    """Create the engine; it connects on first use."""
    app.extensions["database"] = Database(app.config["DATABASE_URL"], app.config["SERVICE"])


def database() -> Database:
    """The database of the current app."""
    current: Database = current_app.extensions["database"]
    return current


def embedded() -> bool:
    """Whether this service runs on its SQLite file."""
    return database().embedded


@contextmanager
def begin() -> Iterator[Session]:
    """One writing transaction: commits at the end, rolls back on an exception."""
    with database().writer.begin() as session:
        yield session
        for callback in session.info.pop("before_commit", ()):
            callback(session)
    for after in session.info.pop("after_commit", ()):
        after()


@contextmanager
def read() -> Iterator[Session]:
    """A session for reading; its changes are rolled back."""
    with database().reader() as session:
        yield session


def unreachable(error: DBAPIError) -> bool:
    """Whether a later attempt may succeed: the database is away, full, locked or in a deadlock.

    Not so for a wrong statement, or one that ran too long (57014): those are bugs.
    """
    state = getattr(error.orig, "sqlstate", None)
    if not isinstance(error, OperationalError):
        return error.connection_invalidated
    return state is None or state[:2] in {"08", "40", "53", "55", "58"} or state[:3] == "57P"


def insert(session: Session, table: Any) -> Any:
    """INSERT in the dialect of the session, which offers `on_conflict_do_nothing`."""
    return insert_in(session.get_bind().dialect.name, table)


def insert_in(dialect: str, table: Any) -> Any:
    """As `insert`, for a statement that is built once and kept."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_new(session: Session, table: Any, *, values: dict[str, Any]) -> bool:
    """Insert the row unless its key exists; return whether it is new.

    It uses RETURNING, because PostgreSQL reports -1 inserted rows. It uses the table and not the
    mapped class, at half the cost: pending objects of the session are not flushed before it.
    """
    statement = _insert_new_statement(session.get_bind().dialect.name, table)
    return session.execute(statement, values).first() is not None


@cache
def _insert_new_statement(dialect: str, table: Any) -> Any:
    rows = inspect(table).local_table
    return insert_in(dialect, rows).on_conflict_do_nothing().returning(*rows.primary_key)


def take_turns(session: Session, *names: str | bytes) -> None:
    """Make transactions that give the same name wait for each other, until this one ends.

    What is counted and then added to is counted by one at a time. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    digests = (sha256(name.encode() if isinstance(name, str) else name) for name in names)
    keys = sorted(int.from_bytes(digest.digest()[:8], "big", signed=True) for digest in digests)
    session.execute(select(*(func.pg_advisory_xact_lock(key) for key in keys)))


def before_commit(session: Session, callback: Callable[[Session], None]) -> None:
    """Call `callback` right before the commit, once however often it is registered."""
    session.info.setdefault("before_commit", {})[callback] = None


def after_commit(session: Session, callback: Callable[[], object]) -> None:
    """Call `callback` once the transaction of `begin` is stored, such as a line of the log."""
    session.info.setdefault("after_commit", []).append(callback)


def padded(values: Collection[Any]) -> list[Any]:
    """The values of an IN, with the last one repeated up to a length of 1, 4, 16, 64 …

    Each length is another statement to compile, parse and plan, so there should be few.
    """
    items, size = list(values), 1
    while size < len(items):
        size *= 4
    return items + items[-1:] * (size - len(items))


def notify(session: Session, *, channel: str) -> None:
    """Wake the waiting loops when this transaction commits. On SQLite `changes()` polls instead.

    Sent once per transaction, and without a flush, so that pending rows are written together.
    """
    notified = session.info.setdefault("notified", set())
    if channel not in notified and session.get_bind().dialect.name == "postgresql":
        notified.add(channel)
        with session.no_autoflush:
            session.execute(_NOTIFY, {"channel": channel})


_NOTIFY = text("SELECT pg_notify(:channel, '')")


@contextmanager
def changes(channel: str) -> Iterator[Callable[[float], None]]:
    """Yield `wait(seconds)`, which returns early once another transaction may have left work.

    PostgreSQL: LISTEN on a separate connection. SQLite: poll PRAGMA data_version every 5 to 20 ms,
    which changes when another connection commits. Both may wake without work, and loops must not
    rely on them alone: they also look once a second.
    """
    if embedded():
        with _file_changes() as wait:
            yield wait
    else:
        with _notifications(channel) as wait:
            yield wait


@contextmanager
def _file_changes() -> Iterator[Callable[[float], None]]:
    link = sqlite3.connect(str(database().url.database), timeout=engines.PATIENCE)
    poller = FilePoller()

    def changed() -> bool:
        try:
            return poller.has_changed(link.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.OperationalError as error:
            raise OperationalError("PRAGMA data_version", None, error) from error

    def wait(seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not changed():
            poller.pause()

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
                link.exec_driver_sql("SELECT 1")  # raises it as a DBAPIError, as the callers expect
                raise

        try:
            yield wait
        finally:
            link.invalidate()  # a listening connection must not go back into the pool
