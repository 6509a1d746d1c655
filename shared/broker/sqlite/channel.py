"""A channel of the embedded broker: its consumers, unacknowledged messages and pending confirms.

It behaves as RabbitMQ does and raises py-amqp's exceptions, so callers need no second code path. A
passive declare of something missing raises 404, other arguments raise 406. Delivery tags count up,
and `multiple` covers all lower ones. After `confirm_select`, `drain_events` delivers the confirms.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from amqp.exceptions import (
    ChannelError,
    ConsumerCancelled,
    NotFound,
    PreconditionFailed,
)
from amqp.protocol import queue_declare_ok_t
from kombu.transport import virtual

from shared.broker.sqlite import entities, returns, store

DEFAULT_PREFETCH = 100  # messages at once for a consumer that set no prefetch


class Unroutable(ChannelError):
    """The message reached no queue."""

    code = 312


class Channel(virtual.Channel):
    """One channel; used by one thread, like its connection."""

    do_restore = False  # kombu would publish unacknowledged messages anew; we requeue them
    body_encoding = None  # bodies stay bytes

    def __init__(self, connection: Any, **options: Any):
        super().__init__(connection, **options)
        self.events: dict[str, set[Callable[..., None]]] = defaultdict(set)
        self._callbacks: dict[str, Callable[[Any], None]] = {}
        self._unacked: dict[
            int, store.ClaimedMessage
        ] = {}  # by delivery tag, in the order of delivery
        self._last_tag = 0
        self._confirming = False
        self._published: list[store.Sending] = []
        self._last_confirmed = 0

    @property
    def db(self) -> Any:
        if self.closed:
            raise ChannelError("the channel is closed")
        return self.connection.db

    def exchange_declare(
        self,
        exchange: str,
        type: str = "direct",
        arguments: dict[str, Any] | None = None,
        passive: bool = False,
        **_: Any,
    ) -> None:
        if passive:
            entities.require_exchange(self.db, exchange)
        else:
            entities.declare_exchange(self.db, exchange, kind=type, arguments=arguments)

    def queue_declare(
        self,
        queue: str,
        passive: bool = False,
        arguments: dict[str, Any] | None = None,
        **_: Any,
    ) -> queue_declare_ok_t:
        if passive:
            entities.require_queue(self.db, queue)
        else:
            entities.declare_queue(self.db, queue, arguments=arguments)
        return queue_declare_ok_t(queue, entities.count_ready(self.db, queue), 0)

    def queue_bind(self, queue: str, exchange: str, routing_key: str = "", **_: Any) -> None:
        entities.bind(self.db, queue=queue, exchange=exchange, pattern=routing_key)

    def queue_unbind(self, queue: str, exchange: str, routing_key: str = "", **_: Any) -> None:
        entities.unbind(self.db, queue=queue, exchange=exchange, pattern=routing_key)

    def exchange_delete(self, exchange: str, **_: Any) -> None:
        entities.delete_exchange(self.db, exchange)

    def queue_delete(self, queue: str, **_: Any) -> int:
        return entities.delete_queue(self.db, queue)

    def queue_purge(self, queue: str, **_: Any) -> int:
        return entities.purge(self.db, queue)

    def confirm_select(self, **_: Any) -> None:
        """From now on, each `drain_events` writes the published messages in one transaction."""
        self._confirming = True

    def basic_publish(
        self, message: dict[str, Any], exchange: str = "", routing_key: str = "", **_: Any
    ) -> None:
        """Write the message, or queue it in confirm mode. Raises Unroutable if it has no queue."""
        sending = _sending(message, exchange, routing_key)
        if self._confirming:
            self._published.append(sending)
        elif store.put(self.db, [sending]):
            raise Unroutable(f"NO_ROUTE - '{routing_key}' reaches no queue", (60, 50))
        self.connection.has_local_changes = True

    def confirm(self) -> bool:
        """Write the published messages, then call `events`: first returns, then one ack."""
        if not self._published:
            return False
        sendings, self._published = self._published, []
        for position in store.put(self.db, sendings):
            self._return(sendings[position])
        self._last_confirmed += len(sendings)
        for callback in self.events["basic_ack"]:
            callback(self._last_confirmed, True)
        return True

    def _return(self, sending: store.Sending) -> None:
        error = Unroutable(f"NO_ROUTE - '{sending.routing_key}' reaches no queue", (60, 50))
        message = self.Message(
            {"properties": sending.properties | {"delivery_tag": None}, "body": sending.body},
            channel=self,
        )
        for callback in self.events["basic_return"]:
            callback(error, sending.exchange, sending.routing_key, message)

    def basic_consume(
        self,
        queue: str,
        no_ack: bool,
        callback: Callable[[Any], None],
        consumer_tag: str,
        **_: Any,
    ) -> str:
        if no_ack:  # what was only handed over would be lost by a crash, so nobody may ask for it
            raise NotImplementedError("the embedded broker does not support no_ack consumers")
        entities.require_queue(self.db, queue)
        self._consumers.add(consumer_tag)
        self._tag_to_queue[consumer_tag] = queue
        self._callbacks[consumer_tag] = callback
        self.connection.has_local_changes = True
        return consumer_tag

    def basic_cancel(self, consumer_tag: str) -> None:
        self._consumers.discard(consumer_tag)
        self._tag_to_queue.pop(consumer_tag, None)
        self._callbacks.pop(consumer_tag, None)

    def basic_get(self, queue: str, no_ack: bool = False, **_: Any) -> Any:
        entities.require_queue(self.db, queue)
        for claimed in store.take(self.db, queue=queue, owner=self.connection.owner.name, limit=1):
            message = self._message(claimed, consumer_tag=None)
            if no_ack:
                self.basic_ack(message.delivery_tag)
            return message
        return None

    def deliver(self) -> bool:
        """Deliver to each consumer up to its prefetch; return whether anything was delivered."""
        delivered = False
        for consumer_tag, queue in list(self._tag_to_queue.items()):
            unacked = sum(claimed.queue == queue for claimed in self._unacked.values())
            prefetch = self.qos.prefetch_count
            room = prefetch - unacked if prefetch else DEFAULT_PREFETCH
            if room > 0:
                owner = self.connection.owner.name
                for claimed in store.take(self.db, queue=queue, owner=owner, limit=room):
                    self._callbacks[consumer_tag](self._message(claimed, consumer_tag=consumer_tag))
                    delivered = True
        return delivered

    def check_consumed_queues(self) -> None:
        """Raise ConsumerCancelled if a consumed queue has been deleted."""
        for consumer_tag, queue in list(self._tag_to_queue.items()):
            try:
                entities.require_queue(self.db, queue)
            except NotFound as error:
                self.basic_cancel(consumer_tag)
                raise ConsumerCancelled(consumer_tag, (60, 30)) from error

    def _message(self, claimed: store.ClaimedMessage, *, consumer_tag: str | None) -> Any:
        self._last_tag += 1
        self._unacked[self._last_tag] = claimed
        properties = claimed.properties
        headers = properties.pop("headers")
        headers.pop("x-delivery-count", None)  # the publisher's value is not trusted
        if claimed.deliveries > 1:
            headers["x-delivery-count"] = claimed.deliveries - 1
        properties["delivery_tag"] = self._last_tag
        properties["delivery_info"] |= {
            "consumer_tag": consumer_tag,
            "delivery_tag": self._last_tag,
            "redelivered": claimed.deliveries > 1,
        }
        raw = {"properties": properties, "headers": headers, "body": claimed.body}
        raw["content-type"] = properties.get("content_type")
        raw["content-encoding"] = properties.get("content_encoding")
        return self.Message(raw, channel=self)

    def basic_ack(self, delivery_tag: int, multiple: bool = False) -> None:
        store.remove(self.db, self._release(delivery_tag, multiple=multiple))

    def basic_reject(self, delivery_tag: int, requeue: bool = False) -> None:
        ids = self._release(delivery_tag, multiple=False)
        settle = returns.requeue if requeue else returns.reject
        settle(self.db, ids)

    def basic_recover(self, requeue: bool = False) -> None:
        if self._unacked:
            returns.requeue(self.db, self._release(self._last_tag, multiple=True))

    def _release(self, delivery_tag: int, *, multiple: bool) -> list[int]:
        tags = [
            tag for tag in self._unacked if tag == delivery_tag or multiple and tag < delivery_tag
        ]
        if not tags:
            text = f"PRECONDITION_FAILED - unknown delivery tag {delivery_tag}"
            raise PreconditionFailed(text, (60, 80))
        self.connection.has_local_changes = True  # the consumer may get more
        return [self._unacked.pop(tag).id for tag in tags]

    def close(self) -> None:
        """Requeue unacknowledged messages, then close."""
        try:
            if not self.closed:
                self.basic_recover(requeue=True)
        finally:
            super().close()


def _sending(message: dict[str, Any], exchange: str, routing_key: str) -> store.Sending:
    properties = dict(message["properties"])
    properties["headers"] = message.get("headers") or {}
    properties["content_type"] = message.get("content-type")
    properties["content_encoding"] = message.get("content-encoding")
    properties["delivery_info"] = {"exchange": exchange, "routing_key": routing_key}
    body = message["body"]
    return store.Sending(
        exchange, routing_key, properties, body.encode() if isinstance(body, str) else body
    )
