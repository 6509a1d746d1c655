"""A connection of the embedded broker: its file, its lock, and the loop that polls for messages.

Polling is cheap: `pragma data_version` changes when another connection commits. The loop reads that
number every 5 to 20 ms and queries the tables only after a change.
"""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from amqp.exceptions import ConnectionError as BrokerConnectionError
from kombu.transport import virtual

from shared.broker.sqlite import owners, returns, store
from shared.broker.sqlite.channel import Channel
from shared.db import private
from shared.db.polling import FilePoller

HOUSEKEEPING_EVERY = 0.25  # seconds


class Transport(virtual.Transport):
    """One connection, for one thread of one process."""

    Channel = Channel
    driver_type = "sqlite"
    driver_name = "overture"
    connection_errors = (*virtual.Transport.connection_errors, sqlite3.Error, OSError)
    implements = virtual.Transport.implements.extend(
        exchange_type=frozenset(["direct", "topic", "fanout"])
    )

    def __init__(self, client: Any, **options: Any):
        super().__init__(client, **options)
        self._db: sqlite3.Connection | None = None
        self._pid = os.getpid()
        self._poller = FilePoller()
        self._housekeeping_at = 0.0
        self.owner: owners.Owner
        self.has_local_changes = True  # our own changes do not show in `data_version`

    def driver_version(self) -> str:
        return sqlite3.sqlite_version

    @property
    def db(self) -> sqlite3.Connection:
        """The open file. Raises a connection error if it is closed or was opened before a fork."""
        if self._db is None or self._pid != os.getpid():
            raise BrokerConnectionError("the connection is closed or belongs to another process")
        return self._db

    def establish_connection(self) -> "Transport":
        path = Path(self.client.virtual_host)
        folder = path.with_name(path.name + ".owners")
        private.make_folder(folder)
        owners.remove_dead(folder)
        self.owner = owners.register(folder)
        try:
            self._db = store.open_file(path)
        except BaseException:
            owners.release(self.owner)
            raise
        connection: Transport = super().establish_connection()
        return connection

    def close_connection(self, connection: Any) -> None:
        """Requeue and close; if that fails, others requeue once they see the released lock."""
        if self._db is None:
            return
        try:
            super().close_connection(connection)
        finally:
            owners.release(self.owner)
            self._db.close()
            self._db = None

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        """Confirm and deliver messages. Raises TimeoutError if there are none."""
        end = None if timeout is None else time.monotonic() + timeout
        while not self._turn():
            if end is not None and time.monotonic() >= end:
                raise TimeoutError
            self._poller.pause()

    def _turn(self) -> bool:
        channels = list(self.channels)
        if any([channel.confirm() for channel in channels]):
            return True
        if time.monotonic() >= self._housekeeping_at:
            self._housekeeping()
        version = self.db.execute("pragma data_version").fetchone()[0]
        if not self._poller.has_changed(version) and not self.has_local_changes:
            return False
        self.has_local_changes = False
        return any([channel.deliver() for channel in channels])

    def _housekeeping(self) -> None:
        """Requeue messages of dead owners, move dead letters, notice deleted queues."""
        self._housekeeping_at = time.monotonic() + HOUSEKEEPING_EVERY
        for channel in self.channels:
            channel.check_consumed_queues()
        for name in store.held_by_others(self.db, self.owner.name):
            if not owners.is_alive(self.owner.path.parent, name):
                returns.reclaim(self.db, name)
                self.has_local_changes = True
        if store.has_dead(self.db):
            with store.writing(self.db):
                returns.move_dead_letters(self.db)
            self.has_local_changes = True
