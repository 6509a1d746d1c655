"""One connection to the broker, RabbitMQ or embedded, its safety settings made and then looked at.

Addresses: `amqp://user:password@host:5672/vhost`, `amqps://…` (the certificate is always verified,
against the system's authorities or those in SSL_CERT_FILE), `sqlite:////folder/broker.db` (three
slashes: relative to where the process was started).

py-amqp swallows settings it does not know, so a misspelled one would switch a safety off in
silence: what counts is asserted on the live object. A connection belongs to one thread; publisher
and consumer each have their own, because an alarm at the broker blocks the one that publishes.
"""

import ipaddress
import os
import socket
import sqlite3
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from amqp.connection import Connection as AMQPConnection
from amqp.exceptions import AMQPError
from kombu.connection import Connection
from kombu.exceptions import KombuError

from shared.broker import raw, sqlite

HEARTBEAT = 20
CONNECT_SECONDS = 5
READ_SECONDS = WRITE_SECONDS = 15
GOODBYE_SECONDS = 1
UNACKNOWLEDGED_MS = 10_000  # the kernel gives a dead peer up after this
LOST = (AMQPError, KombuError, OSError, sqlite3.Error)  # every way in which a broker can fail us

_FORMS = "amqp://user:password@host:5672/vhost, amqps://… or sqlite:////folder/broker.db"


class BadBrokerURL(ValueError):
    """The address of the broker cannot be used; the message says why, without the password."""


def connect(
    url: str,
    *,
    name: str,
    on_blocked: Callable[[str], None] | None = None,
    on_unblocked: Callable[[], None] | None = None,
) -> Connection:
    """Open a connection. `name` is what the broker's operator sees, such as `intake.relay`.

    `on_blocked` and `on_unblocked` hear of a resource alarm at the broker. Raises BadBrokerURL, or
    one of LOST if the broker cannot be reached. Nothing is tried twice: whoever calls owns that.
    """
    raw.take_away()
    parts = _parts(url)
    if parts.scheme == "sqlite":
        path = Path(unquote(parts.path[1:])).absolute()
        connection = Connection(transport=sqlite.Transport, virtual_host=str(path))
    else:
        told = {"on_blocked": on_blocked, "on_unblocked": on_unblocked}
        connection = Connection(url, **_settings(parts, name=name, told=told))
    connection.ensure_connection(max_retries=0, reraise_as_library_errors=False)
    if parts.scheme != "sqlite":
        _assert_safe(connection)
    return connection


def say_goodbye(connection: Connection) -> None:
    """Wait a moment for the answer: then the broker has read all that we said. A line that is cut
    with something unread may take our last acknowledgement with it.
    """
    live = connection.connection
    if isinstance(live, AMQPConnection):
        with suppress(*LOST):
            live.sock.settimeout(GOODBYE_SECONDS)
            live.close()


def redacted(url: str) -> str:
    """The address for logs and pages: without user and password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


def _parts(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in ("amqp", "amqps", "sqlite"):
        raise BadBrokerURL(f"The broker's address must be one of: {_FORMS}.")
    if parts.query or parts.fragment or ";" in url:
        raise BadBrokerURL("One plain address is wanted for the broker: no options, no second one.")
    if parts.scheme == "sqlite":
        if parts.netloc or not parts.path[1:]:
            raise BadBrokerURL(f"{redacted(url)}: a file of this machine is wanted: {_FORMS}.")
        return parts
    if (parts.username or "guest") == "guest" and not _is_loopback(parts.hostname):
        raise BadBrokerURL(
            f"{redacted(url)}: the user guest is for this machine only; add another."
        )
    return parts


def _is_loopback(host: str | None) -> bool:
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _settings(parts: SplitResult, *, name: str, told: dict[str, Any]) -> dict[str, Any]:
    options = {
        "confirm_publish": False,  # py-amqp takes any ack for its own; see publisher
        "read_timeout": READ_SECONDS,
        "write_timeout": WRITE_SECONDS,
        "socket_settings": {socket.TCP_USER_TIMEOUT: UNACKNOWLEDGED_MS},
        "client_properties": {"connection_name": f"{name}@{socket.gethostname()}:{os.getpid()}"},
        **told,
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
    found = {
        "heartbeat": 0 < live.heartbeat <= HEARTBEAT,  # a server may ask for a shorter one
        "confirm_publish": live.confirm_publish is False,
        "read_timeout": live.read_timeout == READ_SECONDS,
        "write_timeout": live.write_timeout == WRITE_SECONDS,
        "TCP_USER_TIMEOUT": live.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
        == UNACKNOWLEDGED_MS,
        "confirms": bool(live.server_capabilities.get("publisher_confirms")),
    }
    wrong = [name for name, good in found.items() if not good]
    if wrong:
        connection.collect()
        raise RuntimeError(f"Settings of the broker connection did not take: {', '.join(wrong)}.")
