"""A message is confirmed only by its own delivery tag."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from shared.broker.publisher import Outcome, Publisher, Refusal
from tests.fake_broker import Talk, fake_broker
from tests.shared.broker import talk
from tests.shared.broker.publishing import publishing, some


def publish_to(script: Any, *keys: int) -> Outcome:
    """What comes of one call when the peer follows this script for each message."""
    with fake_broker(on_publish=script) as (url, _), publishing(url) as publisher:
        return publisher.publish(some(*keys), deadline=0.4)


def too_late(peer: Talk) -> None:
    with suppress(OSError):  # as a rule the connection that was given up is closed by now
        peer.ack(1)


def test_a_confirm_of_several_confirms_them_all() -> None:
    def script(peer: Talk, tag: int) -> None:
        if tag == 3:
            peer.ack(3, multiple=True)

    assert publish_to(script, 1, 2, 3) == Outcome({1, 2, 3}, {}, None)


def test_tag_zero_with_multiple_confirms_everything_so_far() -> None:
    def script(peer: Talk, tag: int) -> None:
        if tag == 2:
            peer.ack(0, multiple=True)

    assert publish_to(script, 1, 2).confirmed == {1, 2}


def test_confirms_may_come_in_any_order() -> None:
    def script(peer: Talk, tag: int) -> None:
        if tag == 3:
            for one in (2, 3, 1):
                peer.ack(one)

    assert publish_to(script, 1, 2, 3) == Outcome({1, 2, 3}, {}, None)


def test_a_slow_broker_has_its_time_as_long_as_it_goes_on_confirming() -> None:
    def script(peer: Talk, tag: int) -> None:
        time.sleep(0.25)
        peer.ack(tag)

    with fake_broker(on_publish=script) as (url, _), publishing(url) as publisher:
        outcome = publisher.publish(some(1, 2, 3, 4), deadline=0.6)
    assert outcome == Outcome({1, 2, 3, 4}, {}, None)


def test_a_broker_that_confirms_one_now_and_then_is_given_up_in_the_end() -> None:
    def script(peer: Talk, tag: int) -> None:
        time.sleep(0.1)
        with suppress(OSError):  # given up by now
            peer.ack(tag)

    with fake_broker(on_publish=script) as (url, _), publishing(url) as publisher:
        outcome = publisher.publish(some(*range(20)), deadline=0.3)
    assert 0 < len(outcome.confirmed) < 20
    assert isinstance(outcome.failure, TimeoutError)


def test_a_message_without_its_own_confirm_is_never_confirmed() -> None:
    def script(peer: Talk, tag: int) -> None:
        if tag != 2:
            peer.ack(tag)
            peer.ack(tag)  # a second one for the same message is nobody else's
            peer.ack(99)

    outcome = publish_to(script, 1, 2, 3)
    assert outcome.confirmed == {1, 3}
    assert not outcome.refused
    assert isinstance(outcome.failure, TimeoutError)


def test_a_late_confirm_of_one_call_confirms_nothing_of_the_next() -> None:
    def script(peer: Talk, tag: int) -> None:
        if len(connections) == 1:
            return  # the first connection never confirms in time
        too_late(connections[0])
        if peer.published[tag] == b"{3}":
            peer.ack(tag)

    with fake_broker(on_publish=script) as (url, connections), publishing(url) as publisher:
        assert isinstance(publisher.publish(some(1), deadline=0.2).failure, TimeoutError)
        outcome = publisher.publish(some(2, 3), deadline=0.4)
        assert len(connections) == 2
    assert outcome.confirmed == {3}
    assert isinstance(outcome.failure, TimeoutError)


def test_nacked_messages_are_refused_and_the_connection_is_kept() -> None:
    def script(peer: Talk, tag: int) -> None:
        if tag == 3:
            peer.nack(2, multiple=True)
            peer.ack(3)
        if tag == 4:
            peer.ack(4)

    with fake_broker(on_publish=script) as (url, connections), publishing(url) as publisher:
        assert publisher.publish(some(1, 2, 3)) == Outcome(
            {3}, {1: Refusal.NACKED, 2: Refusal.NACKED}, None
        )
        assert publisher.publish(some(4)) == Outcome({4}, {}, None)
        assert len(connections) == 1


def test_a_return_is_decided_before_the_confirm_that_follows_it() -> None:
    def script(peer: Talk, tag: int) -> None:
        if tag == 2:
            peer.give_back("event-1")
            peer.ack(2, multiple=True)

    assert publish_to(script, 1, 2) == Outcome({2}, {1: Refusal.UNROUTABLE}, None)


def test_a_return_whose_confirm_is_late_confirms_nothing_else() -> None:
    def script(peer: Talk, tag: int) -> None:
        if tag == 1 and len(connections) == 1:
            peer.give_back("event-1")
        if len(connections) == 2:
            too_late(connections[0])

    with fake_broker(on_publish=script) as (url, connections), publishing(url) as publisher:
        first = publisher.publish(some(1), deadline=0.2)
        second = publisher.publish(some(2), deadline=0.2)
    for outcome in (first, second):
        assert not outcome.confirmed and not outcome.refused
        assert isinstance(outcome.failure, TimeoutError)


@pytest.mark.parametrize("said_before", [False, True])
def test_a_connection_that_drops_leaves_doubt_and_keeps_what_was_confirmed(
    said_before: bool,
) -> None:
    def script(peer: Talk, tag: int) -> None:
        if tag == 1 and said_before:
            peer.ack(1)
        if tag == 2:
            peer.hang_up()

    outcome = publish_to(script, 1, 2)
    assert outcome.confirmed == ({1} if said_before else set())
    assert outcome.failure is not None


def test_a_channel_that_the_broker_closes_leaves_doubt_and_the_next_call_starts_anew() -> None:
    def script(peer: Talk, tag: int) -> None:
        if len(connections) == 1:
            peer.close_channel(406, "PRECONDITION_FAILED - message size is larger than allowed")
        else:
            peer.ack(tag)

    with fake_broker(on_publish=script) as (url, connections), publishing(url) as publisher:
        outcome = publisher.publish(some(1), deadline=5)
        assert not outcome.confirmed
        assert "PRECONDITION_FAILED" in str(outcome.failure)
        assert publisher.publish(some(1)) == Outcome({1}, {}, None)


def test_an_alarm_at_the_broker_is_shown_until_it_ends() -> None:
    def script(peer: Talk, tag: int) -> None:
        peer.block()

    before = time.time()
    with fake_broker(on_publish=script) as (url, _), publishing(url) as publisher:
        outcome = publisher.publish(some(1), deadline=0.3)
        assert not outcome.confirmed and isinstance(outcome.failure, TimeoutError)
        assert publisher.blocked_since is not None
        assert before <= publisher.blocked_since <= time.time()


def test_an_idle_publisher_receives_alarms() -> None:
    with fake_broker(on_publish=Talk.ack) as (url, connections), publishing(url) as publisher:
        publisher.publish(some(1))
        connections[0].block()
        listen(publisher, until=lambda: publisher.blocked_since is not None)
        connections[0].unblock()
        listen(publisher, until=lambda: publisher.blocked_since is None)


def test_after_an_alarm_the_events_are_sent_again_only_when_it_is_over() -> None:
    over = threading.Event()

    def script(peer: Talk, tag: int) -> None:
        if over.is_set():
            peer.ack(tag)
        else:
            peer.block()

    with fake_broker(on_publish=script) as (url, peers), publishing(url) as publisher:
        publisher.publish(some(1, 2), deadline=0.3)
        for _ in range(20):
            publisher.idle()
            assert publisher.blocked_since is not None
        listen(publisher, until=lambda: len(peers) == 2 and bool(peers[1].published))
        over.set()
        peers[1].ack(1)
        listen(publisher, until=lambda: publisher.blocked_since is None)
        assert peers[1].published == {1: b""}  # no event has been sent meanwhile
        assert publisher.publish(some(1, 2)) == Outcome({1, 2}, {}, None)
        assert len(peers) == 2


def listen(publisher: Publisher, *, until: Callable[[], bool]) -> None:
    end = time.monotonic() + talk.DEADLINE
    while not until():
        assert time.monotonic() < end
        publisher.idle()


def test_an_alarm_that_ends_while_we_wait_is_over() -> None:
    def script(peer: Talk, tag: int) -> None:
        peer.block()
        peer.unblock()
        peer.ack(tag)

    with fake_broker(on_publish=script) as (url, _), publishing(url) as publisher:
        assert publisher.publish(some(1)).confirmed == {1}
        assert publisher.blocked_since is None
