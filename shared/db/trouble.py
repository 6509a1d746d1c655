"""What is wrong with a database, in one sentence, and what its operator does about it."""

import sqlite3
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy.exc import DBAPIError

from shared.settings import as_set

FULL = {13, "53100"}  # SQLITE_FULL; disk_full of PostgreSQL
NO_ROOM = "the database has no room to write"
_NO_TABLE = ("no such table", "no such column")
_TABLE_STATES = {"42P01", "42703"}


class NoDatabase(sqlite3.OperationalError):
    """The file of the database is missing. Only `flask db upgrade` makes it."""


class Trouble(NamedTuple):
    """`mend` is a command, or what to do."""

    detail: str
    mend: str

    def __str__(self) -> str:
        command = "Run" if self.mend.startswith("flask ") else "To do"
        return f"{self.detail.rstrip('.')}. {command}: {self.mend}"


def codes(error: Any) -> set[Any]:
    """The codes by which SQLite and PostgreSQL say what is wrong."""
    return {getattr(error, name, None) for name in ("sqlite_errorcode", "sqlstate")} - {None}


def upgrade_command() -> str:
    """The command that makes the tables of this service."""
    return f"flask --app services.{current_app.config['SERVICE']} db upgrade"


def needs_upgrade(error: DBAPIError) -> bool:
    """Whether the database is missing, or its tables are."""
    text = str(error.orig)
    missing = isinstance(error.orig, NoDatabase) or text.startswith(_NO_TABLE)
    return missing or bool(codes(error.orig) & _TABLE_STATES)


def of(error: DBAPIError) -> Trouble:
    """What this error means for the operator."""
    text = " ".join(str(error.orig).split())[:200]
    setting = as_set("OVERTURE_DATABASE_URL", current_app.config["SERVICE"])
    full = current_app.extensions["database"].room.trouble()  # SQLite has several errors for it
    if full or codes(error.orig) & FULL:
        return Trouble(full or NO_ROOM, "free some space")
    if needs_upgrade(error):
        return Trouble(text, upgrade_command())
    if "password authentication failed" in text:
        return Trouble(text, f"set the password of this user in {setting}")
    if isinstance(error.orig, sqlite3.Error):
        return Trouble(text, f"see that this user may write the file of {setting}")
    return Trouble(text, f"start the database, or correct {setting}")
