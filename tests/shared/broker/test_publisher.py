"""Messages reported as confirmed are in the queues, on both brokers."""

from typing import Any

from shared.broker import topology
from shared.broker.connection import connect
from shared.broker.publisher import CONTENT_TYPE, Outcome, Refusal
from tests.fake_broker import fake_broker
from tests.shared.broker import talk
from tests.shared.broker.publishing import KEY, publishing, some


def waiting(url: str, queue: str, count: int) -> list[Any]:
    with talk.consuming(url, queue, prefetch=count) as consumer:
        messages = consumer.wait(count)
        for message in messages:
            message.ack()
        return messages


def test_what_is_confirmed_is_in_every_queue_of_a_listener(laid: str) -> None:
    keys = list(range(120))
    with publishing(laid) as publisher:
        outcome = publisher.publish(some(*keys))
        assert outcome == Outcome(confirmed=set(keys), refused={}, failure=None)
    (message, *_) = found = waiting(laid, "review.from-intake.v1", 120)
    assert talk.bodies(found) == [b"{%d}" % key for key in keys]
    assert message.content_type == CONTENT_TYPE
    assert message.properties["message_id"] == "event-0"
    assert message.properties["type"] == KEY
    assert message.properties["app_id"] == "intake"


def test_what_reaches_no_queue_is_refused_and_the_others_are_not(laid: str) -> None:
    messages = [*some(1), *some(2, event_type="nobody.listens.v1"), *some(3)]
    with publishing(laid) as publisher:
        for _ in range(2):  # and a second call is not disturbed by the first
            outcome = publisher.publish(messages)
            assert outcome == Outcome(
                confirmed={1, 3}, refused={2: Refusal.UNROUTABLE}, failure=None
            )


def test_without_its_topology_nothing_is_published(url: str) -> None:
    with publishing(url) as publisher:
        outcome = publisher.publish(some(1))
        assert isinstance(outcome.failure, topology.TopologyMissing)
        assert not outcome.confirmed and not outcome.refused
        with connect(url, name="test") as connection:
            topology.apply(connection)
        assert publisher.publish(some(1)).confirmed == {1}


def test_a_listener_whose_queue_is_gone_stops_the_publishing(laid: str) -> None:
    with connect(laid, name="test") as connection, connection.channel() as channel:
        channel.queue_delete("notify.from-intake.v1")
    with publishing(laid) as publisher:
        outcome = publisher.publish(some(1))
    assert isinstance(outcome.failure, topology.TopologyMissing)
    assert outcome.failure.names == ["notify.from-intake.v1"]


def test_the_hook_is_called_between_publishing_and_waiting(laid: str) -> None:
    called: list[str] = []
    with publishing(laid) as publisher:
        publisher.publish(some(1), on_published=lambda: called.append("now"))
    assert called == ["now"]


def test_a_publisher_that_had_nothing_to_do_for_a_while_still_publishes(laid: str) -> None:
    with publishing(laid) as publisher:
        assert publisher.publish(some(1)).confirmed == {1}
        for _ in range(3):
            publisher.idle()
        assert publisher.publish([]) == Outcome(set(), {}, None)
        assert publisher.publish(some(2)).confirmed == {2}
    assert len(waiting(laid, "review.from-intake.v1", 2)) == 2


def test_a_broker_that_cannot_be_reached_is_doubt() -> None:
    with fake_broker() as (url, _):
        pass  # closed again: nobody listens on this port
    with publishing(url) as publisher:
        outcome = publisher.publish(some(1))
    assert isinstance(outcome.failure, OSError)
    assert not outcome.confirmed and not outcome.refused
