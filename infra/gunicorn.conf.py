"""Settings of gunicorn for each of the three apps that differ from its defaults.

The command line has the bind address and the app. The worker is in buffering_worker.py.
It stands hundreds of slow clients without a proxy, and has the limits of size and time.
"""

import gc
import logging
import os
import sys
from typing import Any

import gunicorn
from gunicorn.errors import AppImportError
from gunicorn.glogging import Logger

from shared.log_lines import library_records

for argument in sys.argv:
    if argument.startswith("services."):  # services.intake:create_app()
        library_records.name_service(argument.partition(":")[0].rpartition(".")[2])

gunicorn.SERVER = "overture"  # the Server header hides the program and its version

worker_class = "infra.buffering_worker.BufferingWorker"
# SQLite allows one writer, so one process is as fast as two and needs half the memory.
embedded = os.environ.get("OVERTURE_DATABASE_URL", "sqlite:").startswith("sqlite:")
workers, threads = (1, 8) if embedded else (2, 4)
preload_app = not embedded  # workers share imported modules; nothing is connected yet
graceful_timeout = 10  # seconds to finish requests after SIGTERM
worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeats in memory: a slow disk is no hang
control_socket_disable = True  # not needed
umask = 0o077  # what a web process makes is for its user alone


class JsonLogger(Logger):  # type: ignore[misc]
    """Writes gunicorn's own lines as JSON, unless the command line asks for a file."""

    def _set_handler(
        self, log: logging.Logger, output: str | None, *format: Any, **to: Any
    ) -> None:
        if output != "-":
            super()._set_handler(log, output, *format, **to)
            return
        handler = library_records.JsonLines()
        handler._gunicorn = True  # type: ignore[attr-defined]  # it removes its own when it reloads
        log.addHandler(handler)


logger_class = JsonLogger


def on_starting(_: Any) -> None:
    """Write what libraries log and warn as JSON too; the workers inherit it."""
    library_records.install()


def post_fork(_: Any, worker: Any) -> None:
    """Load the app here, so that bad settings end gunicorn with their sentences alone."""
    try:
        app = worker.app.wsgi()  # kept, and used by the worker
    except RuntimeError as error:
        if type(error).__name__ != "BadSettings":
            raise
        raise AppImportError(f"Error: {error}") from None
    if worker.age == 1:  # the first one speaks for all
        app.extensions["warn_at_start"]()


def when_ready(_: Any) -> None:
    """Keep the memory that the processes share: garbage collection does not touch it."""
    gc.collect()
    gc.freeze()
