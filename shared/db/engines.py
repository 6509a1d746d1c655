"""The engine over a database of either kind: its limits, its habits, and what it must not say.

FULL costs a quarter of the rate of NORMAL on SQLite and survives a power cut.
"""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

POSTGRES_LIMITS = (
    "-c lock_timeout=2000 -c statement_timeout=5000 -c idle_in_transaction_session_timeout=30000"
)

RESTED = 1.0  # seconds after which a pooled connection is asked whether it still stands


def sqlite(url: str) -> Engine:
    """Over a file, made where there is none. Raises ValueError for a database in memory."""
    path = make_url(url).database
    if not path or path == ":memory:":
        raise ValueError("SQLite needs a file: loops and requests have connections of their own.")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, connect_args={"timeout": 10, "check_same_thread": False}, hide_parameters=True
    )

    @event.listens_for(engine, "connect")
    def settle(link: sqlite3.Connection, _: Any) -> None:
        link.isolation_level = None  # we say BEGIN ourselves
        cursor = link.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(link: Connection) -> None:
        immediate = link.get_execution_options().get("immediate")
        link.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def postgresql(url: str) -> Engine:
    """Over a server, which may be away: it is asked for nothing yet."""
    engine = create_engine(
        url,
        hide_parameters=True,  # an error goes into the log, and what people wrote must not
        connect_args={
            "options": POSTGRES_LIMITS,
            "connect_timeout": 5,
            "keepalives_idle": 5,
            "tcp_user_timeout": 10000,
            "application_name": f"overture-{os.getpid()}",
        },
    )

    @event.listens_for(engine, "handle_error")
    def without_the_row(context: ExceptionContext) -> None:
        """PostgreSQL says in DETAIL what stands in the row that it refuses."""
        refused: Any = context.original_exception
        if context.sqlalchemy_exception and str(getattr(refused, "sqlstate", ""))[:2] == "23":
            refused.args = (refused.diag.message_primary,)
            context.sqlalchemy_exception.args = (f"({type(refused).__name__}) {refused}",)

    @event.listens_for(engine, "checkin")
    def rested(_: Any, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def waken(link: Any, record: ConnectionPoolEntry, _: Any) -> None:
        """Ask a connection that has rested whether it still stands; a busy one is not asked each
        time, as `pool_pre_ping` would."""
        rested_for = time.monotonic() - record.info.get("rests_since", time.monotonic())
        if rested_for < RESTED:
            return
        try:
            engine.dialect.do_ping(link)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError(str(error)) from error  # the pool takes another one

    return engine
