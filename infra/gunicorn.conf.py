"""How gunicorn serves each of the three apps: only the settings that we change.

Bind address and app stand on the command line. A thread waits for the rest of a request that began,
so a client that sends a byte and then nothing would hold it for ever: the listening socket's time
limit, which every accepted socket inherits, lets go of it. Hundreds of such clients at once are
still the work of a reverse proxy, which must stand in front of a public installation anyway.
"""

import gc
import logging
import os
import socket
import struct
from typing import Any

import gunicorn

gunicorn.SERVER = "overture"  # the Server header says neither the program nor its release

PATIENCE = 10  # seconds that a client may fall silent within a request, or while it reads

worker_class = "gthread"
# With SQLite there is one writer anyway: one process serves as well as two, for half the memory.
embedded = os.environ.get("OVERTURE_DATABASE_URL", "sqlite:").startswith("sqlite:")
workers, threads = (1, 8) if embedded else (2, 4)
preload_app = not embedded  # workers share what they import; nothing is connected yet
worker_connections = 200  # a process holds no more; the others wait in the kernel's queue
graceful_timeout = 10  # seconds that requests have to end after SIGTERM
limit_request_line = 2048
limit_request_fields = 50
forwarded_allow_ips = ""  # no header of a client says who it is or which scheme it came by
worker_tmp_dir = "/dev/shm"  # noqa: S108 - a memory file for signs of life: a slow disk is no hang
control_socket_disable = True  # nobody needs a second way in


def when_ready(server: Any) -> None:
    """Put the time limit on the listening sockets, before any worker accepts."""
    gc.collect()
    gc.freeze()  # what is there now stays shared: no worker's collector writes into it
    limit = struct.pack("ll", PATIENCE, 0)
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
    server.log.error_log.addFilter(_is_our_fault)


def _is_our_fault(line: logging.LogRecord) -> bool:
    """A client that fell silent is no error: else each writes thirty lines into our log."""
    return not (line.exc_info and isinstance(line.exc_info[1], BlockingIOError))
