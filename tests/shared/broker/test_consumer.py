"""The consume loop passes messages on unchanged and acknowledges them once handled."""

import threading

import pytest

from shared.broker import topology
from shared.broker.connection import connect
from shared.broker.consumer import Delivery, Verdict
from tests.fake_broker import Talk, fake_broker
from tests.shared.broker import talk
from tests.shared.broker.running import QUEUE, QUICK, deliver_once, running, send


def test_each_message_is_handed_over_once_and_is_gone_after_its_acknowledgement(laid: str) -> None:
    sent = [b"%d" % number for number in range(40)]
    send(laid, *sent, content_type="application/cloudevents+json")
    acks: list[None] = []
    with running(laid, on_ack=lambda: acks.append(None)) as run:
        run.until(lambda run: len(acks) == 40)
    assert [delivery.body for delivery in run.seen] == sent
    first = run.seen[0]
    assert first == Delivery(b"0", "application/cloudevents+json", None, {}, False, QUEUE, False)
    assert run.states == ["connected"]
    assert talk.count_left(laid, QUEUE) == 0


def test_the_parked_queues_are_read_too_and_said_to_be_dead(laid: str) -> None:
    send(laid, b"poison")
    with connect(laid, name="test") as connection:
        talk.Consumer(connection, QUEUE, prefetch=1).wait(1)[0].reject()
    with running(laid) as run:
        run.until(lambda run: run.seen)
    (delivery,) = run.seen
    assert delivery.dead
    assert delivery.queue == f"{QUEUE}.parked"
    assert delivery.headers["x-first-death-reason"] == "rejected"


@pytest.mark.slow
def test_a_pause_keeps_the_message_and_asks_again_in_the_same_order(laid: str) -> None:
    send(laid, b"one", b"two", b"three")
    answers = iter([Verdict.PAUSE, Verdict.PAUSE, Verdict.PAUSE])
    with running(laid, lambda _: next(answers, Verdict.ACK)) as run:
        run.until(lambda run: len(run.seen) == 6)
    assert [delivery.body for delivery in run.seen] == [b"one"] * 4 + [b"two", b"three"]
    assert not any(delivery.redelivered for delivery in run.seen)
    assert run.states == ["connected"]


@pytest.mark.slow
def test_the_loop_says_that_it_lives_while_the_handler_pauses(laid: str) -> None:
    send(laid, b"one")
    with running(laid, lambda _: Verdict.PAUSE) as run:
        run.until(lambda run: run.seen)
        before = run.beats
        run.until(lambda run: run.beats >= before + 3)


@pytest.mark.slow
def test_after_too_long_a_pause_the_messages_are_let_go_once(laid: str) -> None:
    send(laid, b"one")
    with running(laid, lambda _: Verdict.PAUSE, pace=QUICK._replace(reconnect_after=1.0)) as run:
        run.until(lambda run: any(delivery.redelivered for delivery in run.seen))
    assert run.states[:2] == ["connected", "connected"]
    assert talk.count_left(laid, QUEUE) == 1


def test_what_a_handler_raises_ends_the_loop_and_the_message_stays(laid: str) -> None:
    def fail(_: Delivery) -> Verdict:
        raise TimeoutError("the database was slow")  # kombu's own loop would swallow this one

    send(laid, b"one")
    with running(laid, fail) as run:
        run.until(lambda run: run.error)
    assert isinstance(run.error, TimeoutError)
    assert len(run.seen) == 1
    with connect(laid, name="test") as connection:
        (message,) = talk.Consumer(connection, QUEUE, prefetch=1).wait(1)
        assert message.delivery_info["redelivered"]


def test_messages_not_reached_before_the_stop_are_given_back(laid: str) -> None:
    def stop_at_once(_: Delivery) -> Verdict:
        run.stop.set()
        return Verdict.ACK

    started = threading.Event()
    send(laid, b"one", b"two", b"three")
    with running(laid, lambda d: stop_at_once(d) if started.wait(5) else Verdict.ACK) as run:
        started.set()
        run.until(lambda run: run.stop.is_set())
    with connect(laid, name="test") as connection:
        remaining = talk.Consumer(connection, QUEUE, prefetch=9).wait(2)
    assert talk.bodies(remaining) == [b"two", b"three"]


def test_a_loop_that_stops_says_goodbye_after_its_last_acknowledgement() -> None:
    def stop(_: Delivery) -> Verdict:
        run.stop.set()
        return Verdict.ACK

    with fake_broker(on_consume=deliver_once(b"one")) as (url, peers):
        with running(url, stop) as run:
            run.until(lambda run: run.stop.is_set())
        (peer,) = peers
        assert peer.acked == [1]
        assert peer.left


def test_a_broker_that_does_not_answer_the_goodbye_is_left_anyway() -> None:
    busy = threading.Event()

    def script(_: Talk, consumer: str) -> None:
        subscribed.append(consumer)
        if len(subscribed) == 2 * len(topology.queues_of("review")):
            busy.wait(30)

    subscribed: list[str] = []
    with fake_broker(on_consume=script) as (url, peers):
        with running(url) as run:
            run.until(lambda run: run.states)
        assert not peers[0].left
        busy.set()
    assert run.states == ["connected"]
    assert run.error is None


def test_a_missing_queue_is_named_and_found_again_after_it_was_made(laid: str) -> None:
    with connect(laid, name="test") as connection, connection.channel() as channel:
        channel.queue_delete(QUEUE)
    with running(laid) as run:
        run.until(lambda run: any(QUEUE in state for state in run.states))
        assert run.states[0].startswith("topology missing: ")
        assert topology.COMMAND in run.states[0]
        with connect(laid, name="test") as connection:
            topology.apply(connection)
        run.until(lambda run: "connected" in run.states)
        send(laid, b"one")
        run.until(lambda run: run.seen)


def test_a_queue_deleted_under_the_loop_is_noticed(laid: str) -> None:
    with running(laid) as run:
        run.until(lambda run: run.states)
        with connect(laid, name="test") as connection, connection.channel() as channel:
            channel.queue_delete(QUEUE)
        run.until(lambda run: any(state.startswith("topology missing") for state in run.states))


def test_a_consumer_that_the_broker_cancels_starts_anew() -> None:
    def script(peer: Talk, consumer: str) -> None:
        if consumer == QUEUE and len(peers) == 1:
            peer.cancel(consumer)
        elif consumer == QUEUE:
            peer.deliver(consumer, 1, b"again")

    with fake_broker(on_consume=script) as (url, peers), running(url) as run:
        run.until(lambda run: run.seen)
    assert any(state.startswith("broker unreachable: ConsumerCancelled") for state in run.states)
    assert run.states[-1] == "connected"


def test_a_connection_that_drops_before_the_acknowledgement_is_made_anew() -> None:
    def drop(_: Delivery) -> Verdict:
        if len(peers) == 1:
            peers[0].hang_up()
        return Verdict.ACK

    with fake_broker(on_consume=deliver_once(b"one")) as (url, peers), running(url, drop) as run:
        run.until(lambda run: len(peers) == 2 and peers[1].acked)
    assert not peers[0].acked
    assert run.error is None


def test_a_broker_that_is_away_is_said_and_tried_again() -> None:
    with fake_broker() as (url, _):
        pass  # closed again: nobody listens on this port
    with running(url) as run:
        run.until(lambda run: len(run.states) >= 3)
    assert all(state.startswith("broker unreachable: ") for state in run.states)
    assert run.beats > 0
