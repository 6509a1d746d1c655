"""Settings of gunicorn for each of the three apps that differ from its defaults.

The command line has the bind address and the app. A thread reads a request to its end, so a client
that falls silent would block it forever. Accepted sockets inherit a time limit from the listening
socket, which frees the thread. Only a reverse proxy can fend off hundreds of such clients; a public
installation needs one anyway.
"""

import gc
import logging
import os
import socket
import struct
from typing import Any

import gunicorn

gunicorn.SERVER = "overture"  # the Server header hides the program and its version

CLIENT_TIMEOUT = 10  # seconds that a client may stay silent while sending or reading

worker_class = "gthread"
# SQLite allows one writer, so one process is as fast as two and needs half the memory.
embedded = os.environ.get("OVERTURE_DATABASE_URL", "sqlite:").startswith("sqlite:")
workers, threads = (1, 8) if embedded else (2, 4)
preload_app = not embedded  # workers share imported modules; nothing is connected yet
worker_connections = 200  # per process; further ones wait in the kernel's queue
graceful_timeout = 10  # seconds to finish requests after SIGTERM
limit_request_line = 2048
limit_request_fields = 50
forwarded_allow_ips = ""  # trust no header about the client's address or scheme
worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeats in memory: a slow disk is no hang
control_socket_disable = True  # not needed


def when_ready(server: Any) -> None:
    """Set the time limit on the listening sockets before any worker accepts."""
    gc.collect()
    gc.freeze()  # keeps the pages shared: garbage collection does not touch them
    limit = struct.pack("ll", CLIENT_TIMEOUT, 0)
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
    server.log.error_log.addFilter(_is_no_client_timeout)


def _is_no_client_timeout(record: logging.LogRecord) -> bool:
    """Keep tracebacks of silent clients, thirty lines each, out of the log."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))
