"""The contract of both brokers, RabbitMQ and embedded: routing and declaring."""

import pytest
from amqp.exceptions import ChannelError, NotFound, PreconditionFailed
from kombu.connection import Connection

from shared.broker.raw import open_channel
from tests.shared.broker import talk


def test_a_message_reaches_exactly_the_queues_bound_by_its_key(connection: Connection) -> None:
    talk.declare(connection, "first", "proposal.changed.v1", "post.added.v1")
    talk.declare(connection, "second", "post.added.v1")
    talk.publish(connection, "proposal.changed.v1", b"one")
    talk.publish(connection, "post.added.v1", b"both")
    assert talk.bodies(talk.Consumer(connection, "first", prefetch=9).wait(2)) == [b"one", b"both"]
    assert talk.bodies(talk.Consumer(connection, "second", prefetch=9).wait(1)) == [b"both"]


@pytest.mark.parametrize(
    ("pattern", "reaching", "missing"),
    [
        ("a.*", ["a.b", "a.c"], ["a", "a.b.c", "x.b"]),
        ("a.#", ["a", "a.b", "a.b.c"], ["b", "b.a"]),
        ("#.z", ["z", "a.z", "a.b.z"], ["z.a"]),
        ("*.b.*", ["a.b.c"], ["b", "a.b", "a.b.c.d"]),
    ],
)
def test_patterns_match_words_as_amqp_says(
    connection: Connection, pattern: str, reaching: list[str], missing: list[str]
) -> None:
    talk.declare(connection, "first", pattern)
    talk.declare(connection, "second", "#")  # so that nothing is unroutable
    for key in [*reaching, *missing]:
        talk.publish(connection, key, key.encode())
    assert talk.size(connection, "second") == len(reaching) + len(missing)
    consumer = talk.Consumer(connection, "first", prefetch=9)
    assert talk.bodies(consumer.wait(len(reaching))) == [key.encode() for key in reaching]
    assert consumer.idle(0.3)


def test_two_bindings_that_match_make_one_message(connection: Connection) -> None:
    talk.declare(connection, "first", "a.b", "a.*")
    talk.publish(connection, "a.b", b"once")
    assert talk.size(connection, "first") == 1


def test_a_message_that_reaches_no_queue_comes_back(connection: Connection) -> None:
    talk.declare(connection, "first", "a.b")
    with connection.channel() as channel, pytest.raises(ChannelError) as caught:
        message = channel.prepare_message(b"lost?", properties={})
        channel.basic_publish(message, exchange="events", routing_key="nobody", mandatory=True)
        connection.drain_events(timeout=talk.DEADLINE)
    assert caught.value.reply_code == 312
    assert talk.size(connection, "first") == 0


def test_an_unknown_exchange_is_said(connection: Connection) -> None:
    with pytest.raises(NotFound):
        talk.publish(connection, "a.b", b"where?")


def test_a_queue_with_other_arguments_is_refused(connection: Connection) -> None:
    talk.declare(connection, "first", delivery_limit=3)
    talk.declare(connection, "first", delivery_limit=3)
    with pytest.raises(PreconditionFailed):
        talk.declare(connection, "first", delivery_limit=4)


def test_an_exchange_of_another_type_is_refused(connection: Connection) -> None:
    with connection.channel() as channel:
        channel.exchange_declare("events", "topic", durable=True, auto_delete=False)
        with pytest.raises(PreconditionFailed):
            channel.exchange_declare("events", "direct", durable=True, auto_delete=False)


@pytest.mark.parametrize("kind", ["queue", "exchange"])
def test_what_is_missing_is_said_and_not_made(connection: Connection, kind: str) -> None:
    for _ in range(2):
        with connection.channel() as channel, pytest.raises(NotFound):
            if kind == "queue":
                channel.queue_declare("first", passive=True)
            else:
                channel.exchange_declare("events", "topic", passive=True)


def test_a_queue_that_does_not_exist_cannot_be_consumed(connection: Connection) -> None:
    with pytest.raises(NotFound):
        talk.Consumer(connection, "first", prefetch=1)


def test_returns_are_told_before_the_confirm_that_covers_them(connection: Connection) -> None:
    talk.declare(connection, "first", "a.b")
    events: list[str] = []
    with open_channel(connection) as channel:
        channel.confirm_select()
        channel.events["basic_ack"].add(lambda tag, multiple: events.append(f"confirmed {tag}"))
        channel.events["basic_return"].add(
            lambda error, exchange, key, message: events.append(message.properties["message_id"])
        )
        message = channel.prepare_message(b"x", properties={"message_id": "returned"})
        channel.basic_publish(message, exchange="events", routing_key="nobody", mandatory=True)
        while not events or not events[-1].startswith("confirmed"):
            connection.drain_events(timeout=talk.DEADLINE)
    assert events == ["returned", "confirmed 1"]
