"""Publish so that what counts as confirmed was confirmed by the broker, each by its own tag.

kombu's own confirm mode takes any acknowledgement for the one it waits for: after a time-out or a
return, the late one of message 1 would confirm message 2, which the broker never had. So the map
from delivery tag to message is ours, and after any doubt the connection is thrown away and never
read again. A return (the message reached no queue) is sent before its acknowledgement, so it is
decided when the acknowledgement comes.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Any, NamedTuple

from kombu.connection import Connection

from shared.broker import topology
from shared.broker.connection import HEARTBEAT, LOST, connect
from shared.broker.raw import open_channel

CONTENT_TYPE = "application/cloudevents+json"
PATIENCE = 4  # a relay's transaction may be idle for 30 seconds, which is more than 4 times 5
DOUBTS = (*LOST, topology.TopologyError)


class Message(NamedTuple):
    """One message; `key` is the caller's name for it, unique in one call and not None."""

    key: Any
    event_type: str  # the short name, as in EVENTS; it is the routing key
    event_id: str
    body: bytes


class Outcome(NamedTuple):
    """What is known after a call; a key in neither set may or may not have arrived."""

    confirmed: set[Any]
    refused: dict[Any, str]  # key → "nacked" or "unroutable"
    doubt: Exception | None  # set: publish the rest again, later


class NotConfirmed(TimeoutError):
    """The broker did not confirm in time."""


class Publisher:
    """The edge towards the broker, for one thread; it connects when there is work to do."""

    def __init__(self, url: str, service: str) -> None:
        self._url = url
        self._service = service
        self._used = 0.0  # time.monotonic() when the connection was last seen alive
        self._connection: Connection | None = None
        self._channel: Any = None
        self._tags = _Tags()
        self._asking = False  # a message to nobody is on its way
        self.blocked_since: float | None = None  # time.time() of a resource alarm at the broker

    def publish(
        self,
        messages: Sequence[Message],
        *,
        deadline: float = 5.0,
        on_published: Callable[[], None] | None = None,
    ) -> Outcome:
        """Publish all, then wait for the broker's word on each: up to `deadline` seconds for the
        next one, and PATIENCE times as long in all.

        `on_published` is called between the last publish and the first wait for a confirm. Raises
        nothing for a broker in trouble: that is the `doubt` of the outcome.
        """
        doubt: Exception | None = None
        try:
            connection = self._ready()
            for message in messages:
                self._send(message)
            if on_published is not None:
                on_published()
            self._wait(connection, deadline)
        except DOUBTS as error:
            doubt = error
        confirmed, refused = self._tags.settle()
        if doubt is not None:
            self.close()
        elif confirmed:
            self._asking, self.blocked_since = False, None
        return Outcome(confirmed, refused, doubt)

    def idle(self) -> None:
        """Keep the connection alive and hear of alarms: for every few seconds without work."""
        if self._connection is None and self.blocked_since is None:
            return
        try:
            connection = self._connection or self._ask_whether_blocked()
            with suppress(TimeoutError):
                connection.drain_events(timeout=0)
            connection.heartbeat_check()
            self._used = time.monotonic()
        except DOUBTS:
            self.close()
        if self._asking and not self._tags.waiting:
            self._asking, self.blocked_since = False, None

    def close(self) -> None:
        """Drop the connection without a word to the broker; the next publish opens another."""
        connection, self._connection, self._channel = self._connection, None, None
        self._tags, self._asking = _Tags(), False
        if connection is not None:
            connection.collect()

    def _ready(self) -> Connection:
        if self._connection is not None and time.monotonic() - self._used > HEARTBEAT:
            self.close()  # nobody kept it alive: the broker may have given it up
        self._used = time.monotonic()
        if self._connection is not None:
            return self._connection
        self._connection = connect(
            self._url,
            name=f"{self._service}.relay",
            on_blocked=self._blocked,
            on_unblocked=self._unblocked,
        )
        topology.check(self._connection, self._service)
        self._channel = open_channel(self._connection)
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._tags.ack)
        self._channel.events["basic_nack"].add(self._tags.nack)
        self._channel.events["basic_return"].add(self._tags.give_back)
        return self._connection

    def _ask_whether_blocked(self) -> Connection:
        """Open a connection on which a message to nobody is waiting to be confirmed.

        The broker tells only those of an alarm who publish, and events sent to it meanwhile arrive
        after all, once for each attempt. This message reaches no queue and asks the same.
        """
        connection = self._ready()
        self._send(Message(None, "nobody", "", b""), mandatory=False)
        self._asking = True
        return connection

    def _send(self, message: Message, *, mandatory: bool = True) -> None:
        self._tags.expect(message)
        properties = {
            "delivery_mode": 2,
            "message_id": message.event_id,
            "type": message.event_type,
            "app_id": self._service,
        }
        self._channel.basic_publish(
            self._channel.prepare_message(
                message.body, content_type=CONTENT_TYPE, properties=properties
            ),
            exchange=topology.exchange_of(self._service),
            routing_key=message.event_type,
            mandatory=mandatory,
        )

    def _wait(self, connection: Connection, deadline: float) -> None:
        said = began = time.monotonic()
        while count := len(self._tags.waiting):
            left = min(said + deadline, began + PATIENCE * deadline) - time.monotonic()
            if left <= 0:
                raise NotConfirmed(f"{count} messages were not confirmed in time")
            try:
                connection.drain_events(timeout=min(left, 1.0))  # a heartbeat starts it anew
            except TimeoutError:
                continue
            if len(self._tags.waiting) < count:
                said = time.monotonic()

    def _blocked(self, reason: str) -> None:
        self.blocked_since = self.blocked_since or time.time()

    def _unblocked(self) -> None:
        self.blocked_since = None


class _Tags:
    """What the broker has said about each delivery tag of one channel."""

    def __init__(self) -> None:
        self.waiting: dict[int, Message] = {}
        self._last = 0
        self._confirmed: set[Any] = set()
        self._refused: dict[Any, str] = {}
        self._returned: set[str] = set()

    def expect(self, message: Message) -> None:
        self._last += 1  # as the broker counts: from 1, one for each publish on the channel
        self.waiting[self._last] = message

    def ack(self, tag: int, multiple: bool) -> None:
        for message in self._take(tag, multiple):
            if message.event_id in self._returned:
                self._refused[message.key] = "unroutable"
            elif message.key is not None:
                self._confirmed.add(message.key)

    def nack(self, tag: int, multiple: bool) -> None:
        for message in self._take(tag, multiple):
            if message.key is not None:
                self._refused[message.key] = "nacked"

    def give_back(self, error: Exception, exchange: str, key: str, message: Any) -> None:
        self._returned.add(message.properties.get("message_id"))

    def settle(self) -> tuple[set[Any], dict[Any, str]]:
        """What is decided since the last time."""
        settled = self._confirmed, self._refused
        self._confirmed, self._refused, self._returned = set(), {}, set()
        return settled

    def _take(self, tag: int, multiple: bool) -> list[Message]:
        if not multiple:
            found = self.waiting.pop(tag, None)
            return [found] if found else []
        tags = list(takewhile(lambda one: one <= tag or tag == 0, self.waiting))  # they ascend
        return [self.waiting.pop(one) for one in tags]
