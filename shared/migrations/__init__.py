"""Migrations: one chain a service, applied by `flask db upgrade`, never by a service that starts.

This half is what a running service asks; it does without Alembic, which only `chain.py` imports.
"""

from pathlib import Path

from flask import current_app
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session


def folder() -> Path:
    """The migrations of the current app."""
    return Path(current_app.root_path) / "migrations"


def newest() -> str:
    """The revision that this release needs: the number of its last file."""
    return max(file.name[:4] for file in (folder() / "versions").glob("[0-9]*.py"))


def missing(session: Session) -> str:
    """One sentence when the database is not at the newest revision, else ""."""
    found = None
    if inspect(session.connection()).has_table("alembic_version"):
        found = session.scalar(text("SELECT version_num FROM alembic_version"))
    if found == newest():
        return ""
    return f"the database is at revision {found or 'none'}, this release needs {newest()}"
