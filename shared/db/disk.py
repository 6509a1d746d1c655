"""Whether there is room for what the database has to write.

A database on this machine is measured. A server tells only by refusing, so its last refusal counts
until a transaction commits again.
"""

import shutil
from pathlib import Path

from sqlalchemy import Engine, ExceptionContext, event
from sqlalchemy.engine import URL, Connection

from shared.db import trouble

LEAST = 2 << 20  # bytes: a few transactions and their copies in the write-ahead log


class Room:
    """The room of one database."""

    def __init__(self, url: URL, engine: Engine):
        self._folder = Path(url.database or ".").parent
        self._is_file = url.get_backend_name() == "sqlite"
        self._refused = False
        event.listen(engine, "handle_error", self._note)
        event.listen(engine, "commit", self._forget)

    def trouble(self) -> str | None:
        """One sentence if the database cannot write, else None."""
        if self._refused:
            return trouble.NO_ROOM
        if self._is_file and self._folder.exists():
            free = shutil.disk_usage(self._folder).free
            if free < LEAST:
                return f"only {free >> 10} KiB are free in the folder of the database"
        return None

    def _note(self, context: ExceptionContext) -> None:
        refused = bool(trouble.codes(context.original_exception) & trouble.FULL)
        self._refused = self._refused or refused

    def _forget(self, _: Connection) -> None:
        self._refused = False
