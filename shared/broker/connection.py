"""Connect to RabbitMQ or the embedded broker, and verify the safety settings of the connection.

Addresses: `amqp://user:password@host:5672/vhost`, `amqps://…` (the certificate is always verified,
against the system's authorities or those in SSL_CERT_FILE), `sqlite:////folder/broker.db` (with
three slashes the path is relative to the working directory).

py-amqp ignores unknown settings, so a misspelled one would silently switch a safety off; therefore
the settings are asserted on the live connection. A connection belongs to one thread. Publisher and
consumer have separate ones, because an alarm at the broker blocks the publishing connection.
"""

import os
import socket
import sqlite3
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote

from amqp.connection import Connection as AMQPConnection
from amqp.exceptions import AMQPError
from kombu.connection import Connection
from kombu.exceptions import KombuError

from shared.broker import raw, sqlite
from shared.settings import urls
from shared.settings.loopback import is_loopback

HEARTBEAT = 20
CONNECT_SECONDS = 5
READ_SECONDS = WRITE_SECONDS = 15
CLOSE_SECONDS = 1
UNACKNOWLEDGED_MS = 10_000  # after this the kernel drops a dead peer
LOST = (AMQPError, KombuError, OSError, sqlite3.Error)  # all errors of a lost broker

_FORMS = "amqp://user:password@host:5672/vhost, amqps://… or sqlite:////folder/broker.db"


class BadBrokerURL(ValueError):
    """The broker address cannot be used; the message says why, without the password."""


def connect(
    url: str,
    *,
    name: str,
    on_blocked: Callable[[str], None] | None = None,
    on_unblocked: Callable[[], None] | None = None,
) -> Connection:
    """Open a connection. The broker shows `name` to its operator, such as `intake.relay`.

    `on_blocked` and `on_unblocked` are called for a resource alarm at the broker. Raises
    BadBrokerURL, or one of LOST if the broker is unreachable. Retries are up to the caller.
    """
    raw.disable_decoders()
    parts = check_url(url)
    if parts.scheme == "sqlite":
        connection = Connection(transport=sqlite.Transport, virtual_host=str(file_of(url)))
    else:
        callbacks = {"on_blocked": on_blocked, "on_unblocked": on_unblocked}
        connection = Connection(url, **_settings(parts, name=name, callbacks=callbacks))
    connection.ensure_connection(max_retries=0, reraise_as_library_errors=False)
    if parts.scheme != "sqlite":
        _assert_safe(connection)
    return connection


def close_gracefully(connection: Connection) -> None:
    """Close and wait shortly for the broker's reply, which proves that it has read everything.

    Cutting the connection could lose our last acknowledgement.
    """
    live = connection.connection
    if isinstance(live, AMQPConnection):
        with suppress(*LOST):
            live.sock.settimeout(CLOSE_SECONDS)
            live.close()


def file_of(url: str) -> Path | None:
    """The file of the embedded broker; None for a server."""
    parts = urls.parts_of(url)
    return Path(unquote(parts.path[1:])).absolute() if parts.scheme == "sqlite" else None


def redacted(url: str) -> str:
    """The address without user and password, for logs and pages."""
    parts = urls.parts_of(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def check_url(url: str) -> SplitResult:
    """The parts of the address. Raises BadBrokerURL or Unreadable for one that cannot or must not
    be used.
    """
    plain = "BROKER_URL must be one plain address: remove options and further addresses."
    if ";" in url:
        raise BadBrokerURL(plain)
    parts = urls.parts_of(url)
    if parts.scheme not in ("amqp", "amqps", "sqlite"):
        raise BadBrokerURL(f"BROKER_URL must look like one of: {_FORMS}.")
    if parts.query:
        raise BadBrokerURL(plain)
    if parts.scheme == "sqlite":
        if parts.netloc or not parts.path[1:]:
            raise BadBrokerURL(f"{redacted(url)} is not a local file; use one of: {_FORMS}.")
        return parts
    if not is_loopback(parts.hostname):
        _refuse_open(parts, shown=redacted(url))
    return parts


def _refuse_open(parts: SplitResult, *, shown: str) -> None:
    """Raise BadBrokerURL for a broker on another machine that anybody could use or read."""
    if (parts.username or "guest") == "guest":
        raise BadBrokerURL(f"{shown}: the user guest works only on loopback; create another user.")
    if parts.scheme == "amqp":
        raise BadBrokerURL(f"{shown}: start it with amqps://, or the password travels unencrypted.")


def _settings(parts: SplitResult, *, name: str, callbacks: dict[str, Any]) -> dict[str, Any]:
    options = {
        "confirm_publish": False,  # py-amqp mixes up acks; see publisher
        "read_timeout": READ_SECONDS,
        "write_timeout": WRITE_SECONDS,
        "socket_settings": {socket.TCP_USER_TIMEOUT: UNACKNOWLEDGED_MS},
        "client_properties": {"connection_name": f"{name}@{socket.gethostname()}:{os.getpid()}"},
        **callbacks,
    }
    settings: dict[str, Any] = {
        "heartbeat": HEARTBEAT,
        "connect_timeout": CONNECT_SECONDS,
        "transport_options": options,
    }
    if parts.scheme == "amqps":
        settings["ssl"] = {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": parts.hostname}
    return settings


def _assert_safe(connection: Connection) -> None:
    live = connection.connection
    checks = {
        "heartbeat": 0 < live.heartbeat <= HEARTBEAT,  # a server may demand a shorter one
        "confirm_publish": live.confirm_publish is False,
        "read_timeout": live.read_timeout == READ_SECONDS,
        "write_timeout": live.write_timeout == WRITE_SECONDS,
        "TCP_USER_TIMEOUT": live.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        == UNACKNOWLEDGED_MS,
        "confirms": bool(live.server_capabilities.get("publisher_confirms")),
    }
    failed = [name for name, passed in checks.items() if not passed]
    if failed:
        connection.collect()
        raise RuntimeError(f"The broker connection lacks its safety settings: {', '.join(failed)}.")
