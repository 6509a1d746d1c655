"""The loop that reads a service's queues: receive, hand over, acknowledge, in one thread.

Why not kombu's ConsumerMixin: it swallows a TimeoutError raised by a handler, takes a handler's
OSError for a lost connection, and acknowledges what it cannot decode. Here the callback of the
library does nothing but append; the work is done after `drain_events` has returned, outside of
every `except` that belongs to the broker, and an error of the work ends the loop.
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
from shared.broker.connection import LOST, connect, say_goodbye
from shared.broker.raw import open_channel

TURN = 0.5  # seconds: the longest wait in which nothing is heard of us


class Verdict(Enum):
    """What the handler wants done with a delivery."""

    ACK = "ack"  # it is safe in our database, or refused for ever: never deliver it again
    PAUSE = "pause"  # our database is away: keep it, ask again later


class Delivery(NamedTuple):
    """One message as it came: the bytes are not decoded, not inflated, not trusted."""

    body: bytes
    content_type: str | None
    content_encoding: str | None
    headers: dict[str, Any]
    redelivered: bool
    queue: str
    dead: bool  # it comes from a parked queue: the broker gave up on delivering it


class Pace(NamedTuple):
    """Seconds of waiting; other values are for tests."""

    pause_first: float = 0.5
    pause_most: float = 10.0
    let_go_after: float = 20 * 60.0  # below the 30 minutes after which RabbitMQ closes the channel
    reconnect_first: float = 0.2
    reconnect_most: float = 10.0


PACE = Pace()


class BrokerLost(Exception):
    """The connection is gone, or was never there."""


class _Work(NamedTuple):
    """What the loop was given to work with."""

    handle: Callable[[Delivery], Verdict]
    stop: threading.Event
    beat: Callable[[], None]
    on_ack: Callable[[], None]
    pace: Pace


def _ignore(_: str = "") -> None:
    return None


def consume(  # noqa: PLR0913 - four things it works with; the others are hooks and have defaults
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
    """Hand each message of the service's queues, parked ones too, to `handle` until `stop` is set.

    `beat` is called each turn of the loop, at least twice a second between two messages; `on_ack`
    right before each acknowledgement; `state` with "connected", "broker unreachable: …" or
    "topology missing: …" after each attempt. What `handle` raises comes out of here.
    """
    work = _Work(handle, stop, beat, on_ack, pace)
    waits = _backoff(pace.reconnect_first, pace.reconnect_most)
    while not stop.is_set():
        started = time.monotonic()
        try:
            with _subscribed(url, service, prefetch=prefetch) as link:
                state("connected")
                _serve(link, work)
        except BrokerLost as error:
            state(f"broker unreachable: {error}")
        except topology.TopologyError as error:
            state(f"topology missing: {error}")
            _rest(work, pace.reconnect_most)  # only a person mends this: look rarely
        if time.monotonic() - started > pace.reconnect_most:
            waits = _backoff(pace.reconnect_first, pace.reconnect_most)
        _rest(work, random.uniform(0, next(waits)))  # noqa: S311 - spreads the load, guards nothing


class _Link:
    """A connection that consumes; each broker error comes out as BrokerLost."""

    def __init__(self, connection: Connection, service: str, *, prefetch: int) -> None:
        self.arrived: deque[tuple[Any, str]] = deque()  # messages with the queue they came from
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
        """Wait for something to arrive, half a second at most, and say that we are alive."""
        with _lost():
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=TURN)
            self._connection.heartbeat_check()

    def first(self) -> Delivery:
        """The oldest message that has arrived and is not acknowledged."""
        message, queue = self.arrived[0]
        known = self._channel.message_to_python(message)
        return Delivery(
            body=bytes(known.body or b""),  # py-amqp has "" for an empty one
            content_type=known.content_type,
            content_encoding=known.content_encoding,
            headers=known.headers,
            redelivered=bool(known.delivery_info.get("redelivered")),
            queue=queue,
            dead=topology.is_parked(queue),
        )

    def ack_first(self) -> None:
        message, _ = self.arrived.popleft()
        with _lost():
            self._channel.basic_ack(message.delivery_tag)
            self._connection.heartbeat_check()


def _serve(link: _Link, work: _Work) -> None:
    """Work off what arrives, until told to stop or until the handler has paused for too long."""
    pauses = _Pauses(work.pace)
    while not work.stop.is_set() and not pauses.too_long():
        link.receive()
        work.beat()
        while link.arrived and not pauses.resting() and not work.stop.is_set():
            if work.handle(link.first()) is Verdict.PAUSE:
                pauses.start()
                break
            pauses.end()
            work.on_ack()
            link.ack_first()
            work.beat()


class _Pauses:
    """How long to leave a handler alone that cannot work now."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._since = self._until = 0.0
        self._waits = _backoff(pace.pause_first, pace.pause_most)

    def start(self) -> None:
        now = time.monotonic()
        self._since = self._since or now
        self._until = now + next(self._waits)

    def end(self) -> None:
        self._since = self._until = 0.0
        self._waits = _backoff(self._pace.pause_first, self._pace.pause_most)

    def resting(self) -> bool:
        return time.monotonic() < self._until

    def too_long(self) -> bool:
        return bool(self._since) and time.monotonic() - self._since > self._pace.let_go_after


@contextmanager
def _subscribed(url: str, service: str, *, prefetch: int) -> Iterator[_Link]:
    with _lost():
        connection = connect(url, name=f"{service}.consumer")
    try:
        with _lost():
            topology.check(connection, service)
            link = _Link(connection, service, prefetch=prefetch)
        yield link
        say_goodbye(connection)
    finally:
        connection.collect()


@contextmanager
def _lost() -> Iterator[None]:
    try:
        yield
    except LOST as error:
        raise BrokerLost(f"{type(error).__name__}: {error}") from error


def _rest(work: _Work, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not work.stop.wait(min(TURN, max(0.0, end - time.monotonic()))):
        work.beat()
        if time.monotonic() >= end:
            return


def _backoff(first: float, most: float) -> Iterator[float]:
    seconds = first
    while True:
        yield seconds
        seconds = min(seconds * 2, most)
