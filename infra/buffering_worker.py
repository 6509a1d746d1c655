"""A gunicorn worker that hands a request to a thread only after it has come whole.

gunicorn's own thread worker gives a client a thread from its first byte, so eight clients that send
a byte now and then stop a service. Here waitress reads and writes all connections in one loop
without blocking; its threads see complete requests only, and leave slow readers to the loop again.
gunicorn still binds, starts, watches and stops the processes.
"""

import os
import time
from typing import Any

from gunicorn.workers.base import Worker


class BufferingWorker(Worker):  # type: ignore[misc]
    """Serves the sockets of gunicorn with the loop and the threads of waitress."""

    server: Any
    connections: dict[int, Any]
    on: Any  # the module of connections

    def run(self) -> None:
        """Serve until SIGTERM or until gunicorn is gone, then finish what was begun."""
        self._open()
        while self.alive and self.ppid == os.getppid():
            self._turn()
        self._finish()

    def handle_exit(self, sig: int, frame: Any) -> None:
        self.alive = False
        if self.booted:
            self.wake()

    def wake(self) -> None:
        """End the wait of the loop for the next byte."""
        for listener in self.on.listeners(self.connections):
            listener.pull_trigger()

    def _open(self) -> None:
        from infra import connections  # not in gunicorn's own process, which never serves anybody

        self.on = connections
        sockets = [one.sock for one in self.sockets]
        self.server, self.connections = connections.serve(
            self.wsgi, sockets, threads=self.cfg.threads
        )

    def _turn(self) -> None:
        self.notify()
        self.server.asyncore.loop(timeout=1, use_poll=True, map=self.connections, count=1)
        self.on.close_late(self.connections)

    def _finish(self) -> None:
        """Accept nothing more; end the requests that a thread has, and send their answers."""
        end = time.time() + self.cfg.graceful_timeout
        for listener in self.on.listeners(self.connections):
            listener.accepting = False
        while time.time() < end and any(
            one.requests or one.total_outbufs_len for one in self.on.channels(self.connections)
        ):
            self._turn()
        self.server.task_dispatcher.shutdown(timeout=1)
