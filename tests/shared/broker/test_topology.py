"""Exchanges and queues follow from the vocabulary, are declared by a command, and are checked."""

import pytest
from kombu.connection import Connection

from shared.broker import topology
from shared.broker.connection import connect
from shared.events import EVENTS, SERVICES, consumers
from tests.shared.broker import talk


def test_every_event_has_a_queue_for_each_of_its_consumers() -> None:
    for name, event in EVENTS.items():
        for publisher in event.publishers:
            for consumer in consumers(name, publisher):
                queue = f"{consumer}.from-{publisher}.v1"
                assert queue in topology.queues_of(consumer)
                assert queue in topology.reached_by(publisher)


def test_no_service_consumes_its_own_events() -> None:
    for service in SERVICES:
        assert f"{service}.from-{service}.v1" not in topology.queues_of(service)


def test_it_can_be_applied_again_and_again(connection: Connection) -> None:
    first = topology.apply(connection)
    assert topology.apply(connection) == first
    for service in SERVICES:
        topology.check(connection, service)


def test_events_reach_the_queues_of_their_consumers_and_no_others(laid: str) -> None:
    with connect(laid, name="test") as connection, connection.channel() as channel:
        for name, event in EVENTS.items():
            for publisher in event.publishers:
                message = channel.prepare_message(name.encode(), properties={"app_id": publisher})
                channel.basic_publish(
                    message, exchange=topology.exchange_of(publisher), routing_key=name
                )
        for consumer in SERVICES:
            for publisher in SERVICES:
                expected = {
                    name
                    for name, event in EVENTS.items()
                    if publisher in event.publishers and consumer in consumers(name, publisher)
                }
                queue = f"{consumer}.from-{publisher}.v1"
                if expected:
                    found = talk.Consumer(connection, queue, prefetch=50).wait(len(expected))
                    assert {body.decode() for body in talk.bodies(found)} == expected


def test_what_is_rejected_is_parked_beside_its_queue(laid: str) -> None:
    with connect(laid, name="test") as connection, connection.channel() as channel:
        message = channel.prepare_message(b"no", properties={})
        channel.basic_publish(message, exchange="intake.events", routing_key="proposal.changed.v1")
        talk.Consumer(connection, "review.from-intake.v1", prefetch=1).wait(1)[0].reject()
        parked = talk.Consumer(connection, "review.from-intake.v1.parked", prefetch=1)
        assert talk.bodies(parked.wait(1)) == [b"no"]


def test_all_that_is_missing_is_named_at_once_with_the_command_that_mends_it(
    connection: Connection,
) -> None:
    with pytest.raises(topology.TopologyMissing) as caught:
        topology.check(connection, "intake")
    assert caught.value.names == [
        "intake.events",
        "intake.from-review.v1",
        "intake.from-notify.v1",
        "intake.from-review.v1.parked",
        "intake.from-notify.v1.parked",
        "review.from-intake.v1",
        "notify.from-intake.v1",
    ]
    assert caught.value.command == "flask --app services.review topology apply"
    assert "flask --app services.review topology apply" in str(caught.value)


@pytest.mark.parametrize(
    ("gone", "service"),
    [
        ("intake.from-review.v1", "intake"),
        ("intake.from-review.v1.parked", "intake"),
        ("notify.from-intake.v1", "intake"),  # a consumer's: our events would not reach it
    ],
)
def test_one_missing_queue_is_found(laid: str, gone: str, service: str) -> None:
    with connect(laid, name="test") as connection:
        with connection.channel() as channel:
            channel.queue_delete(gone)
        with pytest.raises(topology.TopologyMissing) as caught:
            topology.check(connection, service)
        assert caught.value.names == [gone]
        topology.apply(connection)
        topology.check(connection, service)


def test_a_queue_of_that_name_with_other_arguments_is_named(connection: Connection) -> None:
    talk.declare(connection, "review.from-intake.v1", delivery_limit=3)
    with pytest.raises(topology.TopologyError) as caught:
        topology.apply(connection)
    assert caught.value.names == ["review.from-intake.v1"]
