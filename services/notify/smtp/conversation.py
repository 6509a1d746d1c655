"""The conversation with one mail server: ready, offer, heed its goodbye, dot, verdict."""

import re
import smtplib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from services.notify.composing.addresses import checked_address
from services.notify.smtp.opening import expect, opened, text_of, words_of
from services.notify.smtp.outcomes import (
    Deferred,
    InDoubt,
    Lost,
    NotAccepted,
    about_the_mail,
    about_us,
)
from services.notify.smtp.server import Server
from services.notify.smtp.wire import Unreadable, Wire

MAILS_MAX = 100  # over one connection
SECONDS_MAX = 60.0
BLOCK = 32 * 1024  # bytes of a body between two deadlines
QUIT_PATIENCE = 2.0

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class Conversation:
    """One kept connection for many mails, one recipient each. Not thread-safe.

    The steps of one mail, in this order: `ready`, `offer`, `heed_goodbye`, `dot`, `verdict`. Each
    returns or raises a `NotAccepted`; up to `heed_goodbye` nothing was accepted.
    """

    def __init__(self, server: Server, *, beat: Callable[[], None] = lambda: None):
        self._server = server
        self._beat = beat
        self._wire: Wire | None = None
        self._mails = 0
        self._since = 0.0
        self._in_body = False
        self._in_mail = False

    @property
    def is_open(self) -> bool:
        """Whether there is a connection, as far as we know."""
        return self._wire is not None

    def ready(self) -> None:
        """Get ready for a new mail, on the kept connection if it still works, else on a new one.
        What it raises says nothing about any mail.
        """
        if self._is_worn() or (self._in_mail and not self._is_fresh()):
            self.leave()
            self._open()

    def offer(self, *, envelope_from: str, recipient: str, body: bytes, copy_to: str = "") -> bool:
        """Send MAIL, RCPT, DATA and the dot-stuffed body without the final dot. Return whether the
        server accepted `copy_to` as a second recipient.

        Raises BadAddress, Deferred, Refused, ServerTrouble or Lost.
        """
        sender, to = checked_address(envelope_from), checked_address(recipient)
        timeouts = self._server.timeouts
        self._begin(sender)
        with self._before_the_dot() as wire:
            code, text = wire.docmd("RCPT", f"TO:<{to}>")
            if code not in (250, 251):
                raise about_the_mail(code, text_of(text), at_recipient=True)
            copied = bool(copy_to) and _also(wire, checked_address(copy_to))
            wire.patience = timeouts.data
            expect(354, *wire.docmd("DATA"), classify=about_the_mail)
            self._in_body = True
            wire.patience = timeouts.block
            stuffed = _stuffed(body)
            for start in range(0, len(stuffed), BLOCK):
                wire.send(stuffed[start : start + BLOCK])
        return copied

    def heed_goodbye(self) -> None:
        """Raise Deferred or Lost if the server has said something or hung up already.

        This is the last check before the point of no return: after it a broken line means doubt.
        """
        with self._before_the_dot() as wire:
            if wire.has_spoken():
                wire.patience = QUIT_PATIENCE
                code, text = wire.getreply()
                raise Deferred(text_of(text), code=code)

    def dot(self) -> None:
        """Send the final dot. Raises InDoubt if the line breaks, Lost if there is no connection."""
        with self._after_the_dot() as wire:
            wire.patience = self._server.timeouts.dot
            wire.send(b".\r\n")

    def verdict(self) -> str:
        """Return the text of the server's reply to the dot, which may take ten minutes.

        Raises Deferred or Refused when the server says so, and InDoubt for no reply or an
        unreadable one, which does not allow a second copy.
        """
        with self._after_the_dot() as wire:
            code, text = wire.getreply()
        self._in_body = self._in_mail = False
        if not 200 <= code <= 299:
            self._end_if(code)
            raise about_the_mail(code, text_of(text))
        return text_of(text)

    def drop(self) -> None:
        """Close the connection. In the middle of a body this takes the mail back."""
        if self._wire is not None:
            self._wire.close()
        self._wire = None
        self._in_body = self._in_mail = False

    def leave(self) -> None:
        """Send QUIT unless in the middle of a body, then close."""
        if self._wire is not None and not self._in_body:
            self._wire.patience = QUIT_PATIENCE
            with suppress(OSError, smtplib.SMTPException, Unreadable):
                self._wire.docmd("QUIT")
        self.drop()

    def _begin(self, sender: str) -> None:
        """Send MAIL, on a new connection where the server closed the kept one meanwhile. That says
        nothing about this mail, and costs less than a check before each mail.
        """
        was_reused = self._mails > 0
        try:
            self._say_mail(sender)
        except NotAccepted as refusal:
            if not was_reused or self.is_open:
                raise
            if refusal.code not in (421, None):
                raise
            self._open()
            self._say_mail(sender)

    def _say_mail(self, sender: str) -> None:
        self._mails += 1
        self._in_mail = True
        with self._before_the_dot() as wire:
            wire.patience = self._server.timeouts.command
            expect(250, *wire.docmd("MAIL", f"FROM:<{sender}>"), classify=about_us)

    def _is_worn(self) -> bool:
        too_old = time.monotonic() - self._since > SECONDS_MAX
        return self._wire is None or self._in_body or self._mails >= MAILS_MAX or too_old

    def _is_fresh(self) -> bool:
        """Send RSET after an unfinished mail; return whether the server accepted it."""
        try:
            with self._before_the_dot() as wire:
                wire.patience = self._server.timeouts.command
                return wire.docmd("RSET")[0] == 250
        except NotAccepted:
            return False

    def _open(self) -> None:
        self._mails, self._since = 0, time.monotonic()
        self._wire = opened(self._server, beat=self._beat)

    @contextmanager
    def _before_the_dot(self) -> Iterator[Wire]:
        """Turn a broken line into Lost: before the dot nothing was accepted."""
        if self._wire is None:
            raise Lost("the connection is closed")
        try:
            yield self._wire
        except NotAccepted as refusal:
            self._end_if(refusal.code)
            raise
        except Unreadable as error:
            self.drop()
            raise Deferred(words_of(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            raise Lost(words_of(error)) from error

    @contextmanager
    def _after_the_dot(self) -> Iterator[Wire]:
        """Turn a broken line into InDoubt: after the dot the outcome is unknown."""
        if self._wire is None:
            raise Lost("the connection is closed")
        try:
            yield self._wire
        except (OSError, smtplib.SMTPException, Unreadable) as error:
            self.drop()
            raise InDoubt(words_of(error)) from error

    def _end_if(self, code: int | None) -> None:
        if code == 421 or self._in_body:
            self.drop()


def _also(wire: Wire, to: str) -> bool:
    """Name a second recipient; whether the server accepts it says nothing about the mail."""
    code, text = wire.docmd("RCPT", f"TO:<{to}>")
    if code == 421:
        raise about_the_mail(code, text_of(text))
    return code in (250, 251)


def _stuffed(body: bytes) -> bytes:
    """The body with leading dots doubled, and CRLF line ends: a bare one might end the mail."""
    lines = body
    if not body.count(b"\n") == body.count(b"\r") == body.count(b"\r\n"):
        lines = _LINE_END.sub(b"\r\n", lines)
    if lines.startswith(b".") or b"\n." in lines:
        lines = _LEADING_DOT.sub(b"..", lines)
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"
