"""Settings of gunicorn for each of the three apps that differ from its defaults.

The command line has the bind address and the app. The worker is in buffering_worker.py.
It stands hundreds of slow clients without a proxy, and has the limits of size and time.
"""

import gc
import os
from typing import Any

import gunicorn

gunicorn.SERVER = "overture"  # the Server header hides the program and its version

worker_class = "infra.buffering_worker.BufferingWorker"
# SQLite allows one writer, so one process is as fast as two and needs half the memory.
embedded = os.environ.get("OVERTURE_DATABASE_URL", "sqlite:").startswith("sqlite:")
workers, threads = (1, 8) if embedded else (2, 4)
preload_app = not embedded  # workers share imported modules; nothing is connected yet
graceful_timeout = 10  # seconds to finish requests after SIGTERM
worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeats in memory: a slow disk is no hang
control_socket_disable = True  # not needed


def when_ready(_: Any) -> None:
    """Keep the memory that the processes share: garbage collection does not touch it."""
    gc.collect()
    gc.freeze()
