"""Open a connection: TCP, greeting, EHLO, TLS, password."""

import smtplib
import ssl
from collections.abc import Callable
from typing import Any

from services.notify.smtp.outcomes import (
    Deferred,
    Lost,
    NotAccepted,
    ServerTrouble,
    about_us,
    plain,
)
from services.notify.smtp.server import Server, TLSMode
from services.notify.smtp.wire import TLSWire, Unreadable, Wire


def opened(server: Server, *, beat: Callable[[], None]) -> Wire:
    """A connection that is ready for MAIL. What it raises is `unready`: no mail is to blame."""
    wire: Wire | None = None
    try:
        wire = _connected(server, beat=beat)
        wire.patience = server.timeouts.command
        expect(250, *wire.ehlo(), classify=about_us)
        if server.tls == TLSMode.REQUIRED:
            _secure(wire, server)
        if server.user is not None:
            wire.login(server.user, server.password)
    except (NotAccepted, OSError, smtplib.SMTPException, Unreadable) as error:
        if wire is not None:
            wire.close()
        raise _about_opening(error) from error
    return wire


def expect(
    expected: int, code: int, text: bytes, *, classify: Callable[[int, str], NotAccepted]
) -> None:
    """Raise what `classify` returns for any other reply."""
    if code != expected:
        raise classify(code, text_of(text))


def text_of(reply: bytes) -> str:
    """The reply, safe to store."""
    return plain(reply.decode("ascii", "replace"))


def words_of(error: Exception) -> str:
    """The message of the error and what to change in the settings, safe to store."""
    return (plain(str(error)) or type(error).__name__) + _advice(error)


def _advice(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return " Take user and password out of SMTP_URL, or use the port for submission (587)."
    if isinstance(error, ssl.SSLError) and error.reason == "WRONG_VERSION_NUMBER":
        return ": this port does not begin with TLS; write smtp://, not smtps://, in SMTP_URL"
    return ""


def _connected(server: Server, *, beat: Callable[[], None]) -> Wire:
    options: dict[str, Any] = {
        "local_hostname": server.hello,
        "timeout": server.timeouts.connect,
        "patience": server.timeouts.command,
        "beat": beat,
    }
    if server.tls == TLSMode.IMPLICIT:
        context = ssl.create_default_context(cafile=server.ca_file)
        return TLSWire(server.host, server.port, context=context, **options)
    return Wire(server.host, server.port, **options)


def _secure(wire: Wire, server: Server) -> None:
    if not wire.has_extn("starttls"):
        raise ServerTrouble("the mail server offers no STARTTLS")
    context = ssl.create_default_context(cafile=server.ca_file)
    wire.patience = server.timeouts.connect
    expect(220, *wire.secure(context), classify=about_us)
    wire.patience = server.timeouts.command
    expect(250, *wire.ehlo(), classify=about_us)


def _about_opening(error: Exception) -> NotAccepted:
    if isinstance(error, NotAccepted):
        error.unready = True
        return error
    if isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
        refusal = about_us(code, text if isinstance(text, str) else text_of(text))
        refusal.unready = True
        return refusal
    if isinstance(error, ssl.SSLCertVerificationError | smtplib.SMTPNotSupportedError):
        return ServerTrouble(words_of(error), unready=True)
    if isinstance(error, Unreadable):
        return Deferred(words_of(error), unready=True)
    return Lost(words_of(error), unready=True)
