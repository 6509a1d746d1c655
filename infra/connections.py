"""The connections of a web process: waitress reads each request whole, as strictly as gunicorn did.

What cannot be read is refused here, with a 4xx and the headers of every page.
"""

import logging
import socket
import time
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask
from waitress.utilities import (
    BadRequest,
    RequestEntityTooLarge,
    RequestHeaderFieldsTooLarge,
    ServerNotImplemented,
)

from shared import strict_json
from shared.web.guards import headers

MAX_HEADER = 16_384  # bytes of request line and headers
MAX_BODY = 262_144  # of an app that names no limit
MAX_LINE = 2048
MAX_FIELDS = 50
SILENCE = 10  # seconds that a client may stay silent while sending, reading or between requests
WHOLE_WITHIN = 30  # seconds in which a request must come whole: 9 KB/s for the largest body
CONNECTIONS = 800  # per process; below the usual limit of 1024 files
CLOSES_WITHIN = 5  # seconds until a connection without use is closed


class _TooLong(BadRequest):  # type: ignore[misc]
    code, reason = 414, "URI Too Long"


class _CutOff(BadRequest):  # type: ignore[misc]
    problem = "cut_off"


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """As strict as gunicorn's parser; every refusal is a 4xx."""

    error: Any
    body_rcv: Any
    path = ""  # waitress names it in its log, also where it could not be read
    limit_passed: type[BadRequest] | None = None

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if isinstance(self.error, ServerNotImplemented):  # an unknown Transfer-Encoding
            self.error = BadRequest("")
        if self.limit_passed:
            self.error = self.limit_passed("")
        if isinstance(self.error, RequestEntityTooLarge) and self.headers:
            self._leave_to_app()
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        line, _, fields = header_plus.partition(b"\r\n")
        names = [field.partition(b":")[0].strip().lower() for field in fields.split(b"\r\n")]
        if len(line) > MAX_LINE:
            self.limit_passed = _TooLong
        elif len(names) > MAX_FIELDS:
            self.limit_passed = RequestHeaderFieldsTooLarge
        if self.limit_passed or _is_ambiguous(header_plus, names):
            raise ParsingError("")
        super().parse_header(header_plus)
        if self.version not in ("1.0", "1.1") or "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("")

    def cut_off(self) -> None:
        """The client will send no more of it."""
        self.error, self.completed = _CutOff(""), True

    def _leave_to_app(self) -> None:
        """Let the app say that the body is too large, unread, in its own words and language."""
        if self.body_rcv is not None:
            self.body_rcv.getbuf().close()
        self.error = self.body_rcv = None
        length = max(self.content_length, self.adj.max_request_body_size)
        self.headers |= {"CONTENT_LENGTH": str(length), "CONNECTION": "close"}


def _is_ambiguous(header_plus: bytes, names: list[bytes]) -> bool:
    """Whether two servers could read these headers in two ways."""
    folded = b"\n " in header_plus or b"\n\t" in header_plus
    two_lengths = {b"content-length", b"transfer-encoding"} <= set(names)
    return folded or two_lengths or names.count(b"host") > 1 or b"\0" in header_plus


class _Refusal(ErrorTask):  # type: ignore[misc]
    """What never reaches the app is refused as a problem, with the headers of every page."""

    def execute(self) -> None:
        error = self.request.error
        code = getattr(error, "problem", "malformed")
        self.status = f"{error.code} {error.reason}"
        body = strict_json.dumps(
            {
                "type": f"urn:overture:problem:{code}",
                "title": error.reason,
                "status": error.code,
                "detail": "The request is not valid HTTP.",
                "code": code,
            }
        )
        kind = ("Content-Type", "application/problem+json")
        self.response_headers.extend([kind, *headers.of(self.channel.server.application).items()])
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection."""

    parser_class = _Parser
    error_task_class = _Refusal
    request: Any
    began = 0.0  # when the request that is being read began; 0 between requests

    def handle_read(self) -> None:
        if self.request is not None and self._is_at_its_end():
            with self.requests_lock:
                self.request.cut_off()
                self.requests.append(self.request)
                self.request, self.began = None, 0.0
                self.server.add_task(self)
            return
        super().handle_read()

    def _is_at_its_end(self) -> bool:
        try:
            return not self.socket.recv(1, socket.MSG_PEEK)
        except OSError:
            return False

    def received(self, data: bytes) -> bool:
        accepted: bool = super().received(data)
        if self.request is None:
            self.began = 0.0
        elif not self.began:
            self.began = time.time()
        return accepted


def serve(app: Flask, sockets: list[socket.socket], *, threads: int) -> tuple[Any, dict[int, Any]]:
    """The server of these listening sockets, and all its connections by file number."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # to wait a moment is no news
    connections: dict[int, Any] = {}
    server = create_server(
        app,
        map=connections,
        sockets=sockets,
        threads=threads,
        ident="overture",
        connection_limit=CONNECTIONS,
        channel_timeout=SILENCE,
        cleanup_interval=CLOSES_WITHIN,
        max_request_header_size=MAX_HEADER,
        max_request_body_size=(app.config["MAX_CONTENT_LENGTH"] or MAX_BODY) + 1,
        log_socket_errors=False,
        asyncore_use_poll=True,
        clear_untrusted_proxy_headers=False,
    )
    for listener in listeners(connections):
        listener.channel_class = Channel
    return server, connections


def listeners(connections: dict[int, Any]) -> list[Any]:
    """Those that accept new connections."""
    return [one for one in connections.values() if isinstance(one, BaseWSGIServer)]


def channels(connections: dict[int, Any]) -> list[Channel]:
    """Those of clients."""
    return [one for one in list(connections.values()) if isinstance(one, Channel)]


def close_late(connections: dict[int, Any]) -> None:
    """Close the connections whose request takes too long to come whole."""
    oldest = time.time() - WHOLE_WITHIN
    for channel in channels(connections):
        if 0 < channel.began < oldest:
            channel.will_close = True
