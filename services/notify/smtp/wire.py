"""smtplib's commands over a socket that is read within bounds and within one deadline a reply.

smtplib waits anew for every byte, so a server that sends one byte a minute holds it for ever, and
it reads as many lines as there come. Here the deadline is for the whole reply, and the worker's
sign of life goes on meanwhile.
"""

import re
import select
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

LINE_MAX = 2048  # bytes; RFC 5321 allows 512
LINES_MAX = 100
_REPLY = re.compile(rb"(?P<code>[2-5][0-9]{2})(?P<mark>[ -]|$)(?P<text>.*)", re.DOTALL)
SLICE = 1.0  # seconds between two signs of life while waiting
_NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Unreadable(Exception):
    """A reply that is no SMTP reply: too long, without a code, or with one that means nothing."""


class Wire(smtplib.SMTP):
    """One connection, from the moment it stands. `patience` is the time for the next reply."""

    def __init__(
        self, host: str, port: int, *, beat: Callable[[], None], patience: float, **more: Any
    ):
        self._beat = beat
        self._name, self._pending = host, b""
        self.patience = patience
        try:
            super().__init__(host, port, **more)
        except BaseException:
            self.close()  # smtplib leaves the socket open when the greeting cannot be read
            raise
        # Without it the dot waits 40 ms for the acknowledgment of the body.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def _socket(self) -> socket.socket:
        """Which never waits itself: every word to the kernel costs a turn among all threads."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        if self.sock.gettimeout() != 0:
            self.sock.setblocking(False)
        return self.sock

    def send(self, s: Any) -> None:
        """Send all of it within `patience`; smtplib's own commands come through here too."""
        rest = memoryview(s.encode("ascii") if isinstance(s, str) else s)
        deadline = time.monotonic() + self.patience
        while rest:
            try:
                rest = rest[self._socket.send(rest) :]
            except _NOT_YET as reason:
                self._wait(reason, select.POLLOUT, until=deadline)

    def getreply(self) -> tuple[int, bytes]:
        """One whole reply as (code, text); Unreadable when it is none, TimeoutError when late."""
        deadline = time.monotonic() + self.patience
        texts: list[bytes] = []
        while len(texts) < LINES_MAX:
            line = self._line(deadline)
            found = _REPLY.match(line)
            if found is None:
                raise Unreadable(line.decode("ascii", "replace"))
            texts.append(found["text"].strip())
            if found["mark"] != b"-":
                return int(found["code"]), b"\n".join(texts)
        raise Unreadable(f"more than {LINES_MAX} lines")

    def secure(self, context: ssl.SSLContext) -> tuple[int, bytes]:
        """Turn to TLS; EHLO must be said anew.

        Not by smtplib's `starttls`: text in the clear behind the server's answer would be taken for
        a reply inside TLS, and the handshake would get no more than the last slice of patience.
        """
        answer = self.docmd("STARTTLS")
        if self._pending:
            raise Unreadable("text in the clear after STARTTLS")
        if answer[0] == 220:
            plain = self._socket
            plain.settimeout(self.timeout)
            self.sock = context.wrap_socket(plain, server_hostname=self._name)
        return answer

    def has_spoken(self) -> bool:
        """Whether anything waits to be read, the end of the connection included."""
        if self._pending:
            return True
        try:
            self._pending = self._socket.recv(LINE_MAX)
        except _NOT_YET:
            return False
        except OSError:
            return True
        return True

    def _line(self, deadline: float) -> bytes:
        while b"\n" not in self._pending:
            if len(self._pending) > LINE_MAX:
                raise Unreadable("a line without end")
            try:
                piece = self._socket.recv(LINE_MAX)
            except _NOT_YET as reason:
                self._wait(reason, select.POLLIN, until=deadline)
                continue
            if not piece:
                raise smtplib.SMTPServerDisconnected("the server closed the connection")
            self._pending += piece
        line, _, self._pending = self._pending.partition(b"\n")
        return line.rstrip(b"\r")

    def _wait(self, reason: OSError, usual: int, *, until: float) -> None:
        """Until the socket is ready, at most a slice; TLS may have to read before it can write."""
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server took too long")
        self._beat()
        ready = select.poll()
        if isinstance(reason, ssl.SSLWantReadError):
            usual = select.POLLIN
        elif isinstance(reason, ssl.SSLWantWriteError):
            usual = select.POLLOUT
        ready.register(self._socket, usual)
        ready.poll(min(SLICE, left) * 1000)


class TLSWire(Wire, smtplib.SMTP_SSL):
    """The same where TLS comes first (port 465)."""
