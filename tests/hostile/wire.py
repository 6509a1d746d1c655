"""A real gunicorn with our settings, and bytes sent to it as they are."""

import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPResponse
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from infra.processes import Running, answers, suite
from shared import strict_json
from tests.apps import close, make
from tests.factories import a_key, a_proposal
from tests.servers.programs import free_ports

DEADLINE = 60.0  # seconds until a test gives up; not a measurement
HOST = b"Host: 127.0.0.1\r\n"
GET = b"GET /healthz HTTP/1.1\r\n"
POST = b"POST /api/v1/proposals HTTP/1.1\r\n"
JSON = b"Content-Type: application/json\r\n"
KEY = b"Idempotency-Key: 0123456789abcdef\r\n"
SEND = POST + HOST + JSON + KEY
HALF_A_FORM = (
    b"POST /link HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nknown="
)
CHUNK = b"10000\r\n" + b" " * 65536 + b"\r\n"


class Server(NamedTuple):
    """One gunicorn that serves intake: its port, its log, and an app on the same database."""

    port: int
    log: Path
    app: Flask


class Answer(NamedTuple):
    status: int
    kind: str
    body: bytes
    headers: Mapping[str, str]


@contextmanager
def serving(files: Path, folder: Path, service: str = "intake", **more: str) -> Iterator[Server]:
    """A server on a copy of these databases, started as `make demo` starts it."""
    shutil.copy(files / f"{service}.db", folder)
    (port,) = free_ports(1)
    web = suite(folder, ports={service: port})[0]
    url = f"sqlite:///{folder}/{{service}}.db"
    running = Running([web], {"OVERTURE_DATABASE_URL": url, **more})
    running.start(web.name)
    app = make(service, DATABASE_URL=url)
    try:
        end = time.monotonic() + DEADLINE
        while not answers(f"http://127.0.0.1:{port}/healthz"):
            assert time.monotonic() < end, web.log.read_text()
            time.sleep(0.1)
        yield Server(port, web.log, app)
    finally:
        running.stop()
        close(app)


def opened(server: Server, said: bytes) -> socket.socket:
    """A connection with these bytes sent, as far as the server accepted them."""
    line = socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE)
    with suppress(OSError):  # it may refuse while we are still sending; its response is there
        line.sendall(said)
    return line


def response_on(line: socket.socket) -> Answer:
    """The response on this connection, which may stay open."""
    with HTTPResponse(line) as response:
        response.begin()
        kind = response.headers.get_content_type()
        return Answer(response.status, kind, response.read(), dict(response.headers))


def ask(server: Server, said: bytes) -> Answer:
    with opened(server, said) as line:
        return response_on(line)


def well_behaved() -> bytes:
    """A proposal as it should be sent."""
    body = strict_json.dumps(a_proposal())
    key = b"Idempotency-Key: %s\r\n" % a_key().encode()
    return POST + HOST + JSON + key + b"Content-Length: %d\r\n\r\n" % len(body) + body
