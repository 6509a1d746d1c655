"""The commands of smtplib with a limit on each reply: its length and its time.

smtplib restarts its timeout with every byte, so a server that sends one byte a minute blocks it for
ever, and it reads any number of lines. Here the deadline covers the whole reply, and the worker
keeps giving signs of life.
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
    """Not an SMTP reply: too long, without a code, or with an unknown code."""


class Wire(smtplib.SMTP):
    """One open connection. `patience` is the time for the next reply, in seconds."""

    def __init__(
        self, host: str, port: int, *, beat: Callable[[], None], patience: float, **options: Any
    ):
        self._beat = beat
        self._name, self._pending = host, b""
        self.patience = patience
        try:
            super().__init__(host, port, **options)
        except BaseException:
            self.close()  # smtplib leaves the socket open when the greeting cannot be read
            raise
        # Without it the dot waits 40 ms for the acknowledgment of the body.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def _socket(self) -> socket.socket:
        """The socket, non-blocking: a system call that blocks costs a switch between threads."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        if self.sock.gettimeout() != 0:
            self.sock.setblocking(False)
        return self.sock

    def send(self, s: Any) -> None:
        """Send all of it within `patience`; smtplib's own commands come through here too."""
        unsent = memoryview(s.encode("ascii") if isinstance(s, str) else s)
        deadline = time.monotonic() + self.patience
        while unsent:
            try:
                unsent = unsent[self._socket.send(unsent) :]
            except _NOT_YET as reason:
                self._wait(reason, select.POLLOUT, until=deadline)

    def getreply(self) -> tuple[int, bytes]:
        """One whole reply as (code, text). Raises Unreadable or TimeoutError."""
        deadline = time.monotonic() + self.patience
        texts: list[bytes] = []
        while len(texts) < LINES_MAX:
            line = self._line(deadline)
            reply = _REPLY.match(line)
            if reply is None:
                raise Unreadable(line.decode("ascii", "replace"))
            texts.append(reply["text"].strip())
            if reply["mark"] != b"-":
                return int(reply["code"]), b"\n".join(texts)
        raise Unreadable(f"more than {LINES_MAX} lines")

    def secure(self, context: ssl.SSLContext) -> tuple[int, bytes]:
        """Switch to TLS; EHLO must follow.

        Not by smtplib's `starttls`: it would take plain text after the server's answer for a reply
        inside TLS, and the handshake would get only the last slice of patience.
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
        """Whether there is something to read, including the end of the connection."""
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
                raise Unreadable("a line that is too long")
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
        """Wait for the socket, at most a slice; TLS may have to read before it can write."""
        remaining = until - time.monotonic()
        if remaining <= 0:
            raise TimeoutError("the server took too long")
        self._beat()
        ready = select.poll()
        if isinstance(reason, ssl.SSLWantReadError):
            usual = select.POLLIN
        elif isinstance(reason, ssl.SSLWantWriteError):
            usual = select.POLLOUT
        ready.register(self._socket, usual)
        ready.poll(min(SLICE, remaining) * 1000)


class TLSWire(Wire, smtplib.SMTP_SSL):
    """A connection that starts with TLS (port 465)."""
