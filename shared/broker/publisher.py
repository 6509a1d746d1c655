"""Publish messages and match each confirm of the broker by its delivery tag.

kombu's confirm mode accepts any acknowledgement as the one it waits for: after a time-out or a
return, a late one for message 1 would confirm message 2, which the broker never got. So we keep our
own map from delivery tag to message, and drop the connection after any doubt. The broker sends a
return (the message reached no queue) before the acknowledgement, which then settles the message.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from itertools import takewhile
from typing import Any, NamedTuple

from kombu.connection import Connection

from shared.broker import topology
from shared.broker.connection import HEARTBEAT, LOST, connect
from shared.broker.raw import open_channel

CONTENT_TYPE = "application/cloudevents+json"
MAX_DEADLINES = 4  # 4 times 5 seconds: PostgreSQL ends the relay's transaction after 30
BROKER_ERRORS = (*LOST, topology.TopologyError)


class Message(NamedTuple):
    """One message; `key` is chosen by the caller, unique within one call and not None."""

    key: Any
    event_type: str  # the short name in EVENTS and the routing key
    event_id: str
    body: bytes


class Refusal(StrEnum):
    """Why the broker did not take a message."""

    NACKED = "nacked"
    UNROUTABLE = "unroutable"


class Outcome(NamedTuple):
    """The result of a call; a key in neither collection may or may not have arrived."""

    confirmed: set[Any]
    refused: dict[Any, Refusal]
    failure: Exception | None  # if set, publish the remaining messages again later


class NotConfirmed(TimeoutError):
    """The broker did not confirm in time."""


class Publisher:
    """A publisher for one thread; it connects when there is something to publish."""

    def __init__(self, url: str, service: str) -> None:
        self._url = url
        self._service = service
        self._used = 0.0  # time.monotonic() when the connection was last seen alive
        self._connection: Connection | None = None
        self._channel: Any = None
        self._tags = _Tags()
        self._probing = False  # an unroutable message awaits its confirm
        self.blocked_since: float | None = None  # time.time() of a resource alarm at the broker

    def publish(
        self,
        messages: Sequence[Message],
        *,
        deadline: float = 5.0,
        on_published: Callable[[], None] | None = None,
    ) -> Outcome:
        """Publish all messages and wait for their confirms.

        It waits up to `deadline` seconds for the next confirm, and MAX_DEADLINES times that in all.
        `on_published` is called after the last publish, before the first confirm. Broker errors are
        not raised but returned as the `failure` of the outcome.
        """
        failure: Exception | None = None
        try:
            connection = self._ready()
            for message in messages:
                self._send(message)
            if on_published is not None:
                on_published()
            self._wait(connection, deadline)
        except BROKER_ERRORS as error:
            failure = error
        confirmed, refused = self._tags.settle()
        if failure is not None:
            self.close()
        elif confirmed:
            self._probing, self.blocked_since = False, None
        return Outcome(confirmed, refused, failure)

    def idle(self) -> None:
        """Keep an idle connection alive and receive alarms; call it every few seconds."""
        if self._connection is None and self.blocked_since is None:
            return
        try:
            connection = self._connection or self._probe()
            with suppress(TimeoutError):
                connection.drain_events(timeout=0)
            connection.heartbeat_check()
            self._used = time.monotonic()
        except BROKER_ERRORS:
            self.close()
        if self._probing and not self._tags.waiting:
            self._probing, self.blocked_since = False, None

    def close(self) -> None:
        """Drop the connection without closing it properly; the next publish opens another."""
        connection, self._connection, self._channel = self._connection, None, None
        self._tags, self._probing = _Tags(), False
        if connection is not None:
            connection.collect()

    def _ready(self) -> Connection:
        if self._connection is not None and time.monotonic() - self._used > HEARTBEAT:
            self.close()  # no heartbeat since: the broker may have dropped it
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
        self._channel.events["basic_return"].add(self._tags.returned)
        return self._connection

    def _probe(self) -> Connection:
        """Open a connection and publish an unroutable message; a confirm means there is no alarm.

        The broker reports an alarm only to publishers, and an event sent during one is delivered
        afterwards, once per attempt. The unroutable message does no such harm.
        """
        connection = self._ready()
        self._send(Message(None, "nobody", "", b""), mandatory=False)
        self._probing = True
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
        last_confirm = start = time.monotonic()
        while count := len(self._tags.waiting):
            ends = min(last_confirm + deadline, start + MAX_DEADLINES * deadline)
            left = ends - time.monotonic()
            if left <= 0:
                raise NotConfirmed(f"the broker did not confirm {count} messages in time")
            try:
                connection.drain_events(timeout=min(left, 1.0))  # returns at a heartbeat too
            except TimeoutError:
                continue
            if len(self._tags.waiting) < count:
                last_confirm = time.monotonic()

    def _blocked(self, reason: str) -> None:
        self.blocked_since = self.blocked_since or time.time()

    def _unblocked(self) -> None:
        self.blocked_since = None


class _Tags:
    """The delivery tags of one channel and their outcomes."""

    def __init__(self) -> None:
        self.waiting: dict[int, Message] = {}
        self._last = 0
        self._confirmed: set[Any] = set()
        self._refused: dict[Any, Refusal] = {}
        self._returned: set[str] = set()

    def expect(self, message: Message) -> None:
        self._last += 1  # the broker counts publishes on the channel from 1
        self.waiting[self._last] = message

    def ack(self, tag: int, multiple: bool) -> None:
        for message in self._take(tag, multiple):
            if message.event_id in self._returned:
                self._refused[message.key] = Refusal.UNROUTABLE
            elif message.key is not None:
                self._confirmed.add(message.key)

    def nack(self, tag: int, multiple: bool) -> None:
        for message in self._take(tag, multiple):
            if message.key is not None:
                self._refused[message.key] = Refusal.NACKED

    def returned(self, error: Exception, exchange: str, key: str, message: Any) -> None:
        self._returned.add(message.properties.get("message_id"))

    def settle(self) -> tuple[set[Any], dict[Any, Refusal]]:
        """The outcomes since the last call."""
        settled = self._confirmed, self._refused
        self._confirmed, self._refused, self._returned = set(), {}, set()
        return settled

    def _take(self, tag: int, multiple: bool) -> list[Message]:
        if not multiple:
            message = self.waiting.pop(tag, None)
            return [message] if message else []
        tags = list(takewhile(lambda known: known <= tag or tag == 0, self.waiting))  # ascending
        return [self.waiting.pop(known) for known in tags]
