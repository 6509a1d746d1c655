"""The engines for SQLite and PostgreSQL: time limits, transactions and private error messages.

SQLite runs with synchronous=FULL: a quarter slower than NORMAL, but commits survive a power cut.
"""

import os
import secrets
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from shared.db import clock, private
from shared.db.trouble import NoDatabase
from shared.db.turns import Turns

POSTGRES_LIMITS = (
    "-c lock_timeout=2000 -c statement_timeout=5000 -c idle_in_transaction_session_timeout=30000"
)

PATIENCE = 2.0  # seconds to wait for another writer; as long as `lock_timeout` of PostgreSQL
PROCESS = secrets.randbits(62)
"""Names this process to the others; the server shows it with each of our connections."""
PING_AFTER = 1.0  # seconds in the pool after which a connection is tested before use


def sqlite(url: str) -> Engine:
    """An engine over a file, never made here. Raises ValueError for a database in memory."""
    path = make_url(url).database
    if not path or path == ":memory:":
        raise ValueError(
            "DATABASE_URL must name a file, like sqlite:///var/intake.db: a database in memory is"
            " not shared between connections"
        )
    engine = create_engine(
        url, connect_args={"timeout": PATIENCE, "check_same_thread": False}, hide_parameters=True
    )

    @event.listens_for(engine, "do_connect")
    def close_to_others(*_: Any) -> None:
        _close_file(Path(path))

    @event.listens_for(engine, "connect")
    def configure(link: sqlite3.Connection, _: Any) -> None:
        link.isolation_level = None  # `begin_transaction` below sends BEGIN
        cursor = link.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    turns = Turns()

    @event.listens_for(engine, "begin")
    def begin_transaction(link: Connection) -> None:
        if not link.get_execution_options().get("immediate"):
            link.exec_driver_sql("BEGIN")
            return
        with turns.waiting() as may_wait:
            if not may_wait:
                busy = sqlite3.OperationalError("database is locked: too many wait for it")
                raise OperationalError("BEGIN IMMEDIATE", None, busy)
            link.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _close_file(path: Path) -> None:
    """Close a database to other users. Raises NoDatabase if it is missing: SQLite would make it,
    also where its name is misspelled.
    """
    if not path.exists():
        raise NoDatabase(f"There is no database at {path}")
    with suppress(OSError):  # SQLite says better what is wrong
        private.make_file(path)


def postgresql(url: str) -> Engine:
    """An engine over a server; it connects on first use, so the server may be away."""
    engine = create_engine(
        url,
        hide_parameters=True,  # errors are logged; personal data must not be
        connect_args={
            "options": POSTGRES_LIMITS,
            "connect_timeout": 5,
            "keepalives_idle": 5,
            "tcp_user_timeout": 10000,
            "application_name": f"overture-{os.getpid()}-{PROCESS:x}",
        },
    )

    @event.listens_for(engine, "handle_error")
    def strip_row_values(context: ExceptionContext) -> None:
        """Drop DETAIL, in which PostgreSQL quotes the values of the refused row."""
        error: Any = context.original_exception
        if context.sqlalchemy_exception and str(getattr(error, "sqlstate", ""))[:2] == "23":
            error.args = (error.diag.message_primary,)
            context.sqlalchemy_exception.args = (f"({type(error).__name__}) {error}",)

    @event.listens_for(engine, "checkin")
    def note_return(_: Any, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask_if_idle(link: Any, record: ConnectionPoolEntry, _: Any) -> None:
        """Test an idle connection before use, and the clock with it. `pool_pre_ping` would test a
        busy one each time.
        """
        idle_for = time.monotonic() - record.info.get("idle_since", time.monotonic())
        if idle_for < PING_AFTER and not clock.is_old():
            return
        try:
            _ask_for_time(link)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError(str(error)) from error  # the pool opens another one

    return engine


def _ask_for_time(link: Any) -> None:
    """Measure how far our clock is from that of the server."""
    before_autocommit = link.autocommit
    link.autocommit = True  # no transaction may stay open
    try:
        before = clock.system()
        (time_there,) = link.execute("SELECT clock_timestamp()").fetchone()
        clock.measured(time_there, before=before, after=clock.system())
    finally:
        if not link.closed:
            link.autocommit = before_autocommit
