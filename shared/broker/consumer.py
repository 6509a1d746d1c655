"""Consume the queues of a service: receive, handle and acknowledge, in one thread.

Why not kombu's ConsumerMixin: it swallows a TimeoutError from a handler, treats a handler's OSError
as a lost connection, and acknowledges messages that it cannot decode. Here the library's callback
only appends. Handlers run after `drain_events` returns, outside every `except` for broker errors,
so an error of a handler ends the loop.
"""

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from functools import partial
from typing import Any, NamedTuple

from kombu.connection import Connection
from kombu.entity import Queue

from shared.broker import topology
from shared.broker.connection import LOST, close_gracefully, connect
from shared.broker.raw import open_channel

LONGEST_WAIT = 0.5  # seconds: the longest wait without a heartbeat


class Verdict(Enum):
    """What to do with a delivery, as decided by its handler."""

    ACK = "ack"  # it is committed in our database: do not deliver it again
    PAUSE = "pause"  # our database is away: keep it and retry later


class Delivery(NamedTuple):
    """One message as received; the body is neither decoded nor decompressed."""

    body: bytes
    content_type: str | None
    content_encoding: str | None
    headers: dict[str, Any]
    redelivered: bool
    queue: str
    dead: bool  # from a parked queue: the broker gave up on delivering it


class Pace(NamedTuple):
    """Waiting times in seconds; tests use other values."""

    pause_first: float = 0.5
    pause_max: float = 10.0
    reconnect_after: float = 20 * 60.0  # RabbitMQ closes a channel after 30 minutes without an ack
    reconnect_first: float = 0.2
    reconnect_max: float = 10.0


PACE = Pace()


class BrokerLost(Exception):
    """The connection to the broker is lost or could not be made."""


class _Hooks(NamedTuple):
    """The callables passed to `consume`."""

    handle: Callable[[Delivery], Verdict]
    stop: threading.Event
    beat: Callable[[], None]
    on_ack: Callable[[], None]
    pace: Pace


def _ignore(_: str = "") -> None:
    return None


def consume(  # noqa: PLR0913 - the optional ones are hooks
    url: str,
    service: str,
    handle: Callable[[Delivery], Verdict],
    stop: threading.Event,
    *,
    beat: Callable[[], None],
    prefetch: int = 16,
    on_ack: Callable[[], None] = _ignore,
    state: Callable[[str], None] = _ignore,
    pace: Pace = PACE,
) -> None:
    """Pass each message of the service's queues, parked ones too, to `handle` until `stop` is set.

    `beat` is called at least twice a second between messages, `on_ack` right before each
    acknowledgement, and `state` after each attempt to connect, with "connected", "broker
    unreachable: …" or "topology missing: …". Exceptions of `handle` pass through.
    """
    hooks = _Hooks(handle, stop, beat, on_ack, pace)
    waits = _backoff(pace.reconnect_first, pace.reconnect_max)
    while not stop.is_set():
        started = time.monotonic()
        try:
            with _subscribed(url, service, prefetch=prefetch) as link:
                state("connected")
                _serve(link, hooks)
        except BrokerLost as error:
            state(f"broker unreachable: {error}")
        except topology.TopologyError as error:
            state(f"{topology.MISSING}: {error}")
            _sleep(hooks, pace.reconnect_max)  # an operator must fix it: check rarely
        if time.monotonic() - started > pace.reconnect_max:
            waits = _backoff(pace.reconnect_first, pace.reconnect_max)
        _sleep(hooks, random.uniform(0, next(waits)))  # noqa: S311 - spreads the load, no secret


class _Link:
    """A consuming connection; it raises broker errors as BrokerLost."""

    def __init__(self, connection: Connection, service: str, *, prefetch: int) -> None:
        self.arrived: deque[tuple[Any, str]] = deque()  # messages with their queues
        self._connection = connection
        self._channel = open_channel(connection)
        self._channel.basic_qos(0, prefetch, False)  # quorum queues refuse the global form
        own = topology.queues_of(service)
        for name in [*own, *map(topology.parked, own)]:
            arrive = partial(self._arrive, queue=name)
            Queue(name)(self._channel).consume(consumer_tag=name, callback=arrive, no_ack=False)

    def _arrive(self, message: Any, *, queue: str) -> None:
        self.arrived.append((message, queue))

    def receive(self) -> None:
        """Wait up to half a second for messages, and send a heartbeat if one is due."""
        with _broker_errors():
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=LONGEST_WAIT)
            self._connection.heartbeat_check()

    def first(self) -> Delivery:
        """The oldest unacknowledged message."""
        message, queue = self.arrived[0]
        parsed = self._channel.message_to_python(message)
        return Delivery(
            body=bytes(parsed.body or b""),  # py-amqp returns "" for an empty body
            content_type=parsed.content_type,
            content_encoding=parsed.content_encoding,
            headers=parsed.headers,
            redelivered=bool(parsed.delivery_info.get("redelivered")),
            queue=queue,
            dead=topology.is_parked(queue),
        )

    def ack_first(self) -> None:
        message, _ = self.arrived.popleft()
        with _broker_errors():
            self._channel.basic_ack(message.delivery_tag)
            self._connection.heartbeat_check()


def _serve(link: _Link, hooks: _Hooks) -> None:
    """Handle messages until `stop` is set or the handler has paused for too long."""
    pauses = _Pauses(hooks.pace)
    while not hooks.stop.is_set() and not pauses.too_long():
        link.receive()
        hooks.beat()
        while link.arrived and not pauses.active() and not hooks.stop.is_set():
            if hooks.handle(link.first()) is Verdict.PAUSE:
                pauses.start()
                break
            pauses.end()
            hooks.on_ack()
            link.ack_first()
            hooks.beat()


class _Pauses:
    """The pauses of a handler whose database is away."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._since = self._until = 0.0
        self._waits = _backoff(pace.pause_first, pace.pause_max)

    def start(self) -> None:
        now = time.monotonic()
        self._since = self._since or now
        self._until = now + next(self._waits)

    def end(self) -> None:
        self._since = self._until = 0.0
        self._waits = _backoff(self._pace.pause_first, self._pace.pause_max)

    def active(self) -> bool:
        return time.monotonic() < self._until

    def too_long(self) -> bool:
        return bool(self._since) and time.monotonic() - self._since > self._pace.reconnect_after


@contextmanager
def _subscribed(url: str, service: str, *, prefetch: int) -> Iterator[_Link]:
    with _broker_errors():
        connection = connect(url, name=f"{service}.consumer")
    try:
        with _broker_errors():
            topology.check(connection, service)
            link = _Link(connection, service, prefetch=prefetch)
        yield link
        close_gracefully(connection)
    finally:
        connection.collect()


@contextmanager
def _broker_errors() -> Iterator[None]:
    try:
        yield
    except LOST as error:
        raise BrokerLost(f"{type(error).__name__}: {error}") from error


def _sleep(hooks: _Hooks, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not hooks.stop.wait(min(LONGEST_WAIT, max(0.0, end - time.monotonic()))):
        hooks.beat()
        if time.monotonic() >= end:
            return


def _backoff(first: float, longest: float) -> Iterator[float]:
    seconds = first
    while True:
        yield seconds
        seconds = min(seconds * 2, longest)
