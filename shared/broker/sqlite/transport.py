"""The embedded broker's connection: its file, its lock, and the loop that looks for messages.

Waiting costs almost nothing: `pragma data_version` changes when another connection has committed,
so the loop asks for that number every 5 to 20 ms and queries only when it has changed.
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
from shared.db.polling import FilePoller

ROUND = 0.25  # seconds between two looks for owners that have died


class Transport(virtual.Transport):
    """One connection: one thread of one process uses it."""

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
        self._next_round = 0.0
        self.owner: owners.Owner
        self.stirred = True  # we changed something ourselves, which `data_version` does not show

    def driver_version(self) -> str:
        return sqlite3.sqlite_version

    @property
    def db(self) -> sqlite3.Connection:
        """The open file; a connection error when it is closed or came here through a fork."""
        if self._db is None or self._pid != os.getpid():
            raise BrokerConnectionError("the connection is closed, or another process opened it")
        return self._db

    def establish_connection(self) -> "Transport":
        path = Path(self.client.virtual_host)
        folder = path.with_name(path.name + ".owners")
        path.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        owners.tidy(folder)
        self.owner = owners.register(folder)
        try:
            self._db = store.open_file(path)
        except BaseException:
            owners.leave(self.owner)
            raise
        connection: Transport = super().establish_connection()
        return connection

    def close_connection(self, connection: Any) -> None:
        """Give back what is held and close; if that cannot be written, the lock's end says it."""
        if self._db is None:
            return
        try:
            super().close_connection(connection)
        finally:
            owners.leave(self.owner)
            self._db.close()
            self._db = None

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        """Confirm what was published and deliver what is due; TimeoutError if there was nothing."""
        end = None if timeout is None else time.monotonic() + timeout
        while not self._turn():
            if end is not None and time.monotonic() >= end:
                raise TimeoutError
            self._poller.pause()

    def _turn(self) -> bool:
        channels = list(self.channels)
        if any([channel.confirm() for channel in channels]):
            return True
        if time.monotonic() >= self._next_round:
            self._look_round()
        version = self.db.execute("pragma data_version").fetchone()[0]
        if not self._poller.has_changed(version) and not self.stirred:
            return False
        self.stirred = False
        return any([channel.deliver() for channel in channels])

    def _look_round(self) -> None:
        """Free what dead owners held, move on what waits as dead, miss deleted queues."""
        self._next_round = time.monotonic() + ROUND
        for channel in self.channels:
            channel.see_queues()
        for name in store.held_by_others(self.db, self.owner.name):
            if not owners.is_alive(self.owner.path.parent, name):
                returns.reclaim(self.db, name)
                self.stirred = True
        if store.has_dead(self.db):
            with store.writing(self.db):
                returns.bury(self.db)
            self.stirred = True
