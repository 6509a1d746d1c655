"""Which mail server, how to reach it, and how long each reply may take."""

from enum import StrEnum
from typing import NamedTuple
from urllib.parse import parse_qs, unquote

from shared.settings import urls
from shared.settings.loopback import is_loopback

PORTS = {"smtp": 25, "smtps": 465}


class Timeouts(NamedTuple):
    """Seconds, from RFC 5321, 4.5.3.2. A short wait after the dot makes second copies."""

    connect: float = 20.0  # ours: the RFC says nothing about TCP and TLS
    command: float = 300.0
    data: float = 120.0
    block: float = 180.0
    dot: float = 600.0


PATIENT = Timeouts()


class TLSMode(StrEnum):
    """How the connection is encrypted."""

    IMPLICIT = "implicit"
    REQUIRED = "required"  # STARTTLS or nothing
    NONE = "none"  # on loopback only


class Server(NamedTuple):
    """The mail server and how to reach it."""

    host: str
    port: int
    hello: str  # the name we give in EHLO
    tls: TLSMode
    user: str | None = None
    password: str = ""
    ca_file: str | None = None  # for a campus that signs its own certificates
    timeouts: Timeouts = PATIENT


def server_from_url(
    url: str, *, hello: str, ca_file: str | None = None, timeouts: Timeouts = PATIENT
) -> Server:
    """Read `smtp[s]://[user:password@]host[:port][?tls=required]`.

    TLS is required unless the server is on this machine, so a password is always encrypted. Raises
    ValueError with a sentence that contains no password.
    """
    parts = urls.parts_of(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(
            "The mail server's address must read smtp://host:port or smtps://host:port."
        )
    tls_required = parse_qs(parts.query).get("tls") == ["required"]
    if parts.scheme == "smtps":
        tls = TLSMode.IMPLICIT
    else:
        required = tls_required or not is_loopback(parts.hostname)
        tls = TLSMode.REQUIRED if required else TLSMode.NONE
    return Server(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        hello=hello,
        tls=tls,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
        ca_file=ca_file,
        timeouts=timeouts,
    )
