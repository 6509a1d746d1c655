"""The conversation with one mail server: ready, offer, heed its goodbye, finish."""

import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from services.notify.addresses import one_address
from services.notify.smtp.outcomes import (
    Deferred,
    InDoubt,
    Lost,
    NotAccepted,
    ServerTrouble,
    about_the_mail,
    about_us,
    plain,
)
from services.notify.smtp.server import Server
from services.notify.smtp.wire import TLSWire, Unreadable, Wire

MAILS_MAX = 100  # over one connection
SECONDS_MAX = 60.0
BLOCK = 32 * 1024  # bytes of a body between two deadlines
QUIT_PATIENCE = 2.0

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class Conversation:
    """One kept connection for many mails, one recipient each. Not for two threads.

    The steps of one mail, in this order: `ready`, `offer`, `heed_goodbye`, `finish`. Each returns
    or raises a `NotAccepted`; up to `heed_goodbye` nothing has been accepted, whatever happened.
    """

    def __init__(self, server: Server, *, beat: Callable[[], None] = lambda: None):
        self._server = server
        self._beat = beat
        self._wire: Wire | None = None
        self._mails = 0
        self._since = 0.0
        self._in_body = False

    def ready(self) -> None:
        """Stand ready for a new envelope, on the kept connection if it is still good, else on a new
        one. What it raises says nothing about any mail."""
        if self._is_worn() or not self._is_fresh():
            self.leave()
            self._open()

    def offer(self, *, envelope_from: str, recipient: str, body: bytes) -> None:
        """MAIL, RCPT, DATA and the body, dot-stuffed, without the final dot.

        Raises BadAddress, Deferred, Refused, ServerTrouble or Lost.
        """
        sender, to = one_address(envelope_from), one_address(recipient)
        timeouts = self._server.timeouts
        self._mails += 1
        with self._before_the_dot() as wire:
            _expect(250, *wire.docmd("MAIL", f"FROM:<{sender}>"), sort=about_us)
            code, text = wire.docmd("RCPT", f"TO:<{to}>")
            if code not in (250, 251):
                raise about_the_mail(code, _text(text), at_recipient=True)
            wire.patience = timeouts.data
            _expect(354, *wire.docmd("DATA"), sort=about_the_mail)
            self._in_body = True
            wire.patience = timeouts.block
            stuffed = _stuffed(body)
            for start in range(0, len(stuffed), BLOCK):
                wire.send(stuffed[start : start + BLOCK])

    def heed_goodbye(self) -> None:
        """Raise Deferred or Lost if the server has spoken or hung up before its turn.

        The last look before the point of no return: after it a broken line means doubt.
        """
        with self._before_the_dot() as wire:
            if wire.has_spoken():
                wire.patience = QUIT_PATIENCE
                code, text = wire.getreply()
                raise Deferred(_text(text), code=code)

    def finish(self) -> str:
        """The final dot and the server's answer, which may take ten minutes. Returns its text.

        Raises Deferred or Refused when the server says so, InDoubt when it says nothing that can be
        understood: a nonsense answer is no leave to send a second copy.
        """
        wire = self._wire
        if wire is None:
            raise Lost("the connection is closed")
        wire.patience = self._server.timeouts.dot
        try:
            wire.send(b".\r\n")
            code, text = wire.getreply()
        except (OSError, smtplib.SMTPException, Unreadable) as error:
            self.drop()
            raise InDoubt(_words(error)) from error
        self._in_body = False
        if not 200 <= code <= 299:
            self._end_if(code)
            raise about_the_mail(code, _text(text))
        return _text(text)

    def drop(self) -> None:
        """Cut the line. In the middle of a body this takes the mail back."""
        if self._wire is not None:
            self._wire.close()
        self._wire = None
        self._in_body = False

    def leave(self) -> None:
        """Say goodbye where that is polite, then close."""
        if self._wire is not None and not self._in_body:
            self._wire.patience = QUIT_PATIENCE
            with suppress(OSError, smtplib.SMTPException, Unreadable):
                self._wire.docmd("QUIT")
        self.drop()

    def _is_worn(self) -> bool:
        too_old = time.monotonic() - self._since > SECONDS_MAX
        return self._wire is None or self._in_body or self._mails >= MAILS_MAX or too_old

    def _is_fresh(self) -> bool:
        """RSET; a server that closed an idle connection is no news about any mail."""
        try:
            with self._before_the_dot() as wire:
                wire.patience = self._server.timeouts.command
                return wire.docmd("RSET")[0] == 250
        except NotAccepted:
            return False

    def _open(self) -> None:
        server = self._server
        self._mails, self._since = 0, time.monotonic()
        try:
            wire = self._wire = _connected(server, beat=self._beat)
            wire.patience = server.timeouts.command
            _expect(250, *wire.ehlo(), sort=about_us)
            if server.tls == "required":
                self._secure(wire)
            if server.user is not None:
                wire.login(server.user, server.password)
        except NotAccepted as refusal:
            self.drop()
            refusal.unready = True
            raise
        except (OSError, smtplib.SMTPException, Unreadable) as error:
            self.drop()
            raise _about_opening(error) from error

    def _secure(self, wire: Wire) -> None:
        if not wire.has_extn("starttls"):
            raise ServerTrouble("the mail server offers no STARTTLS")
        context = ssl.create_default_context(cafile=self._server.ca_file)
        wire.patience = self._server.timeouts.connect
        _expect(220, *wire.secure(context), sort=about_us)
        wire.patience = self._server.timeouts.command
        _expect(250, *wire.ehlo(), sort=about_us)

    @contextmanager
    def _before_the_dot(self) -> Iterator[Wire]:
        """Say what a break means as long as the dot is not sent: nothing was accepted."""
        if self._wire is None:
            raise Lost("the connection is closed")
        try:
            yield self._wire
        except NotAccepted as refusal:
            self._end_if(refusal.code)
            raise
        except Unreadable as error:
            self.drop()
            raise Deferred(_words(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            raise Lost(_words(error)) from error

    def _end_if(self, code: int | None) -> None:
        if code == 421 or self._in_body:
            self.drop()


def _expect(
    wanted: int, code: int, text: bytes, *, sort: Callable[[int, str], NotAccepted]
) -> None:
    if code != wanted:
        raise sort(code, _text(text))


def _connected(server: Server, *, beat: Callable[[], None]) -> Wire:
    more: dict[str, Any] = {
        "local_hostname": server.hello,
        "timeout": server.timeouts.connect,
        "patience": server.timeouts.command,
        "beat": beat,
    }
    if server.tls == "implicit":
        context = ssl.create_default_context(cafile=server.ca_file)
        return TLSWire(server.host, server.port, context=context, **more)
    return Wire(server.host, server.port, **more)


def _about_opening(error: Exception) -> NotAccepted:
    if isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
        found = about_us(code, text if isinstance(text, str) else _text(text))
        found.unready = True
        return found
    if isinstance(error, ssl.SSLCertVerificationError | smtplib.SMTPNotSupportedError):
        return ServerTrouble(_words(error), unready=True)
    if isinstance(error, Unreadable):
        return Deferred(_words(error), unready=True)
    return Lost(_words(error), unready=True)


def _stuffed(body: bytes) -> bytes:
    """Line ends made CRLF, so that no bare one can end the mail early; leading dots doubled."""
    lines = _LEADING_DOT.sub(b"..", _LINE_END.sub(b"\r\n", body))
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _text(reply: bytes) -> str:
    return plain(reply.decode("ascii", "replace"))


def _words(error: Exception) -> str:
    return plain(str(error)) or type(error).__name__
