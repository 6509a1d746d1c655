"""Migrations: one chain per service, applied by `flask db upgrade` and never on start.

A running service needs only this module; `chain` imports Alembic, this one does not.
"""

from pathlib import Path

from flask import current_app
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from shared.db.trouble import upgrade_command


def folder() -> Path:
    """The migrations of the current app."""
    return Path(current_app.root_path) / "migrations"


def newest() -> str:
    """The revision that this release needs: the number of its newest file."""
    return max(file.name[:4] for file in (folder() / "versions").glob("[0-9]*.py"))


def current(session: Session) -> str | None:
    """The revision of the database; None if nothing has migrated it yet."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    revision: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def missing(session: Session) -> str:
    """One sentence if the database is not at the newest revision, else ""."""
    there = current(session)
    if there == newest():
        return ""
    sentence = f"the database is at revision {there or 'none'}, this release needs {newest()}"
    if there is not None and there > newest():
        return f"{sentence} or older"
    return f"{sentence}. Run: {upgrade_command()}"
