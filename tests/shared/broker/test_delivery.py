"""The contract of both brokers, RabbitMQ and embedded: delivery and return."""

import signal
from typing import Any

import pytest
from amqp.exceptions import ConsumerCancelled, PreconditionFailed
from kombu.connection import Connection

from shared.broker.connection import connect
from tests.shared.broker import talk


def test_messages_come_in_the_order_in_which_they_were_published(connection: Connection) -> None:
    talk.declare(connection, "first", "a.b")
    sent = [b"%d" % number for number in range(50)]
    talk.publish(connection, "a.b", *sent)
    assert talk.bodies(talk.Consumer(connection, "first", prefetch=100).wait(50)) == sent


def test_bytes_and_properties_arrive_as_they_were_sent(connection: Connection) -> None:
    talk.declare(connection, "first", "a.b")
    body = bytes(range(256))
    headers = {"compression": "application/x-gzip", "n": 1, "deep": {"list": [1, "two"]}}
    properties: dict[str, Any] = {"message_id": "m-1", "type": "a.b", "app_id": "intake"}
    talk.publish(
        connection,
        "a.b",
        body,
        headers=headers,
        content_type="application/x-python-serialize",
        content_encoding="utf-16",
        **properties,
    )
    talk.publish(connection, "a.b", b"")
    message, empty = talk.Consumer(connection, "first", prefetch=9).wait(2)
    assert message.body == body
    assert message.headers == headers
    assert message.content_type == "application/x-python-serialize"
    assert message.content_encoding == "utf-16"
    assert properties.items() <= message.properties.items()
    assert message.delivery_info["routing_key"] == "a.b"
    assert talk.bodies([empty]) == [b""]


def test_an_unacknowledged_message_returns_to_its_place_when_the_consumer_leaves(url: str) -> None:
    with connect(url, name="test") as connection:
        talk.declare(connection, "first", "a.b")
        talk.publish(connection, "a.b", b"one", b"two")
        with talk.consuming(url) as leaving:
            first, second = leaving.wait(2)
            assert not first.delivery_info["redelivered"]
            assert "x-delivery-count" not in first.headers
            second.ack()
        (again,) = talk.Consumer(connection, "first", prefetch=9).wait(1)
        assert again.body == b"one"
        assert again.delivery_info["redelivered"]
        assert again.headers["x-delivery-count"] == 1


def test_a_channel_that_closes_gives_back_what_it_held(connection: Connection) -> None:
    talk.declare(connection, "first", "a.b")
    talk.publish(connection, "a.b", b"one")
    leaving = talk.Consumer(connection, "first", prefetch=9)
    leaving.wait(1)
    leaving.channel.close()
    (again,) = talk.Consumer(connection, "first", prefetch=9).wait(1)
    assert again.delivery_info["redelivered"]


def test_what_a_killed_process_held_is_delivered_again(url: str) -> None:
    with connect(url, name="test") as connection:
        talk.declare(connection, "first", "a.b")
        talk.publish(connection, "a.b", b"one", b"two", b"three")
        with talk.holder(url, count=2) as process:
            consumer = talk.Consumer(connection, "first", prefetch=9)
            (free,) = consumer.wait(1)
            assert free.body == b"three"
            process.send_signal(signal.SIGKILL)
            process.wait()
            remaining = consumer.wait(3)[1:]
        assert talk.bodies(remaining) == [b"one", b"two"]
        assert [message.delivery_info["redelivered"] for message in remaining] == [True, True]


@pytest.mark.slow
def test_a_stopped_process_keeps_its_messages(url: str) -> None:
    with connect(url, name="test") as connection:
        talk.declare(connection, "first", "a.b")
        talk.publish(connection, "a.b", b"one")
        with talk.holder(url, count=1) as process:
            process.send_signal(signal.SIGSTOP)
            consumer = talk.Consumer(connection, "first", prefetch=9)
            assert consumer.idle(2.5)
            process.send_signal(signal.SIGKILL)
            process.send_signal(signal.SIGCONT)
            process.wait()
            assert talk.bodies(consumer.wait(1)) == [b"one"]


def test_acknowledged_messages_are_never_delivered_again(url: str) -> None:
    with connect(url, name="test") as connection:
        talk.declare(connection, "first", "a.b")
        talk.publish(connection, "a.b", b"one", b"two")
        with talk.consuming(url) as done:
            for message in done.wait(2):
                message.ack()
        assert talk.Consumer(connection, "first", prefetch=9).idle()


def test_multiple_acknowledges_those_before_and_no_others(url: str) -> None:
    with connect(url, name="test") as connection:
        talk.declare(connection, "first", "a.b")
        talk.publish(connection, "a.b", b"one", b"two", b"three", b"four")
        with talk.consuming(url) as consumer:
            consumer.wait(4)[1].ack(multiple=True)
        remaining = talk.Consumer(connection, "first", prefetch=9).wait(2)
        assert talk.bodies(remaining) == [b"three", b"four"]


def test_a_tag_that_was_never_delivered_cannot_be_acknowledged(connection: Connection) -> None:
    talk.declare(connection, "first", "a.b")
    talk.publish(connection, "a.b", b"one")
    consumer = talk.Consumer(connection, "first", prefetch=9)
    consumer.wait(1)
    with pytest.raises(PreconditionFailed):
        consumer.channel.basic_ack(77)
        connection.drain_events(timeout=talk.DEADLINE)


def test_no_more_is_delivered_than_the_prefetch_allows(connection: Connection) -> None:
    talk.declare(connection, "first", "a.b")
    talk.publish(connection, "a.b", b"one", b"two", b"three")
    consumer = talk.Consumer(connection, "first", prefetch=2)
    consumer.wait(2)
    assert consumer.idle(0.5)
    consumer.messages[0].ack()
    assert talk.bodies(consumer.wait(3)) == [b"one", b"two", b"three"]


def test_two_consumers_share_a_queue_without_a_message_twice(url: str) -> None:
    sent = [b"%d" % number for number in range(40)]
    with connect(url, name="test") as connection:
        talk.declare(connection, "first", "a.b")
        talk.publish(connection, "a.b", *sent)
        with talk.consuming(url, prefetch=5) as one, talk.consuming(url, prefetch=5) as two:
            bodies: list[Any] = []
            while len(bodies) < len(sent):
                for consumer in (one, two):
                    bodies += consumer.wait(5)
                    for message in consumer.messages:
                        message.ack()
                    consumer.messages.clear()
    assert sorted(talk.bodies(bodies)) == sorted(sent)


def test_a_requeued_message_comes_again_and_says_so(connection: Connection) -> None:
    talk.declare(connection, "first", "a.b")
    talk.publish(connection, "a.b", b"one")
    consumer = talk.Consumer(connection, "first", prefetch=9)
    consumer.wait(1)[0].requeue()
    again = consumer.wait(2)[1]
    assert again.delivery_info["redelivered"]
    assert again.headers["x-delivery-count"] == 1


def test_a_rejected_message_goes_to_the_dead_letters(connection: Connection) -> None:
    talk.declare_with_parking(connection, "a.b")
    talk.publish(connection, "a.b", b"no", message_id="m-1", headers={"mine": "kept"})
    talk.Consumer(connection, "first", prefetch=9).wait(1)[0].reject()
    (parked,) = talk.Consumer(connection, "first.parked", prefetch=9).wait(1)
    assert parked.body == b"no"
    assert parked.properties["message_id"] == "m-1"
    assert parked.headers["mine"] == "kept"
    assert parked.headers["x-first-death-reason"] == "rejected"
    assert parked.headers["x-first-death-queue"] == "first"
    assert parked.headers["x-first-death-exchange"] == "events"
    assert not parked.delivery_info["redelivered"]
    assert talk.size(connection, "first") == 0


def test_after_the_delivery_limit_a_message_goes_to_the_dead_letters(
    connection: Connection,
) -> None:
    talk.declare_with_parking(connection, "a.b", delivery_limit=3)
    talk.publish(connection, "a.b", b"poison")
    consumer = talk.Consumer(connection, "first", prefetch=9)
    for time in range(1, 5):
        consumer.wait(time)[-1].requeue()
    (parked,) = talk.Consumer(connection, "first.parked", prefetch=9).wait(1)
    assert parked.headers["x-first-death-reason"] == "delivery_limit"
    counts = [message.headers.get("x-delivery-count", 0) for message in consumer.messages]
    assert counts == [0, 1, 2, 3]


def test_kills_count_as_deliveries(url: str) -> None:
    with connect(url, name="test") as connection:
        talk.declare_with_parking(connection, "a.b", delivery_limit=1)
        talk.publish(connection, "a.b", b"poison")
        for _ in range(2):
            with talk.holder(url, count=1):
                pass  # killed while it holds
        (parked,) = talk.Consumer(connection, "first.parked", prefetch=9).wait(1)
        assert parked.headers["x-first-death-reason"] == "delivery_limit"


def test_a_consumer_is_cancelled_when_its_queue_is_deleted(url: str) -> None:
    with connect(url, name="test") as connection:
        talk.declare(connection, "first", "a.b")
        with talk.consuming(url) as consumer:
            with connection.channel() as channel:
                channel.queue_delete("first")
            with pytest.raises(ConsumerCancelled):
                consumer.connection.drain_events(timeout=talk.DEADLINE)


def test_a_purged_queue_keeps_what_is_held(url: str) -> None:
    with connect(url, name="test") as connection:
        talk.declare(connection, "first", "a.b")
        talk.publish(connection, "a.b", b"held", b"waiting")
        with talk.consuming(url, prefetch=1) as consumer:
            (message,) = consumer.wait(1)
            with connection.channel() as channel:
                channel.queue_purge("first")
            assert message.body == b"held"
        again = talk.Consumer(connection, "first", prefetch=9)
        assert talk.bodies(again.wait(1)) == [b"held"]
        assert again.idle(0.3)
