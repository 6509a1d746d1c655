"""The operations of the contract tests on a broker, by kombu."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from kombu.connection import Connection
from kombu.entity import Exchange, Queue, binding

from shared.broker import topology
from shared.broker.connection import connect
from shared.broker.raw import open_channel
from shared.events import SERVICES

QUEUES = ["first", "second", "first.parked"]
DEADLINE = 15  # seconds until a test fails; not a measure


def empty(url: str) -> None:
    """Delete all that a test may have declared."""
    queues = [name for service in SERVICES for name in topology.queues_of(service)]
    exchanges = ["events", "dead", topology.DEAD_LETTERS, *map(topology.exchange_of, SERVICES)]
    with connect(url, name="test") as connection, connection.channel() as channel:
        for name in [*QUEUES, *queues, *map(topology.parked, queues)]:
            channel.queue_delete(name)
        for name in exchanges:
            channel.exchange_delete(name)


def events() -> Exchange:
    return Exchange("events", "topic", durable=True)


def dead() -> Exchange:
    return Exchange("dead", "direct", durable=True)


def declare(connection: Connection, name: str, *keys: str, **arguments: Any) -> None:
    """A quorum queue with these binding keys; `delivery_limit=3` becomes x-delivery-limit."""
    values = {f"x-{word.replace('_', '-')}": value for word, value in arguments.items()}
    bindings = [binding(events(), routing_key=key) for key in keys]
    expected = {"x-queue-type": "quorum"} | values
    with connection.channel() as channel:
        Queue(name, bindings=bindings, queue_arguments=expected)(channel).declare()


def declare_with_parking(connection: Connection, *keys: str, **arguments: Any) -> None:
    """The queue `first`, whose dead letters go to `first.parked`."""
    declare_parking(connection)
    declare(
        connection,
        "first",
        *keys,
        dead_letter_exchange="dead",
        dead_letter_routing_key="first.parked",
        dead_letter_strategy="at-least-once",
        overflow="reject-publish",
        **arguments,
    )


def publish(connection: Connection, key: str, *bodies: bytes, **properties: Any) -> None:
    """Publish to the exchange `events` and wait for all confirms."""
    with open_channel(connection) as channel:
        confirmed: list[int] = []
        channel.confirm_select()
        channel.events["basic_ack"].add(lambda tag, multiple: confirmed.append(tag))
        headers = properties.pop("headers", None)
        kind = properties.pop("content_type", None)
        encoding = properties.pop("content_encoding", None)
        for body in bodies:
            message = channel.prepare_message(
                body,
                content_type=kind,
                content_encoding=encoding,
                headers=headers,
                properties={"delivery_mode": 2, **properties},
            )
            channel.basic_publish(message, exchange="events", routing_key=key, mandatory=True)
        while not confirmed or max(confirmed) < len(bodies):
            connection.drain_events(timeout=DEADLINE)


def declare_parking(connection: Connection) -> None:
    """The queue `first.parked`, bound to the exchange for dead letters."""
    with connection.channel() as channel:
        Queue(
            "first.parked",
            bindings=[binding(dead(), routing_key="first.parked")],
            queue_arguments={"x-queue-type": "quorum"},
        )(channel).declare()


class Consumer:
    """A channel that consumes one queue into `messages`."""

    def __init__(self, connection: Connection, queue: str, *, prefetch: int) -> None:
        self.messages: list[Any] = []
        self.connection = connection
        self.channel = open_channel(connection)
        self.channel.basic_qos(0, prefetch, False)
        Queue(queue)(self.channel).consume(consumer_tag=queue, callback=self._arrive, no_ack=False)

    def _arrive(self, message: Any) -> None:
        self.messages.append(self.channel.message_to_python(message))

    def wait(self, count: int) -> list[Any]:
        """The first `count` messages. Raises TimeoutError."""
        while len(self.messages) < count:
            self.connection.drain_events(timeout=DEADLINE)
        return self.messages[:count]

    def idle(self, seconds: float = 1.5) -> bool:
        """Whether no further message arrives for a while."""
        before = len(self.messages)
        with suppress(TimeoutError):
            self.connection.drain_events(timeout=seconds)
        return len(self.messages) == before


@contextmanager
def consuming(url: str, queue: str = "first", *, prefetch: int = 16) -> Iterator[Consumer]:
    """A consumer on its own connection, closed properly at the end."""
    with connect(url, name="test") as connection:
        yield Consumer(connection, queue, prefetch=prefetch)


def bodies(messages: list[Any]) -> list[bytes]:
    return [
        bytes(message.body or b"") for message in messages
    ]  # py-amqp returns "" for an empty body


@contextmanager
def holder(url: str, *, count: int, queue: str = "first") -> Iterator[subprocess.Popen[str]]:
    """Another process that holds `count` messages without acknowledging them."""
    command = [sys.executable, "-m", "tests.shared.broker.holder", url, queue, str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "holding\n"
            yield process
        finally:
            process.kill()


def size(connection: Connection, queue: str) -> int:
    """The number of ready messages in a queue."""
    with connection.channel() as channel:
        count: int = channel.queue_declare(queue, passive=True).message_count
        return count


def count_left(url: str, queue: str) -> int:
    """The same on a new connection."""
    with connect(url, name="test") as connection:
        return size(connection, queue)
