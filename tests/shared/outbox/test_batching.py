"""The relay publishes a lone event at once and gathers bursts."""

import threading
import time

from shared.outbox.batching import GATHER, SOON, TURNS, BurstBatching


class Noting(threading.Event):
    """An event that notes for how long somebody waited for it."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        return False


def pauses_after(turns: list[int], *, rest: float = 0.0) -> list[float | None]:
    """How long a relay gathers after turns that found so much, one right after the other."""
    stream, stop = BurstBatching(), Noting()
    news: list[float] = []
    for count in turns:
        stream.record(count)
    time.sleep(rest)
    stream.wait(1.0, news.append, stop=stop)
    assert news[0] == 1.0, "it waits for news first"
    assert len(news) == 1 + len(stop.waits), "and passes over old ones after a pause"
    return stop.waits


def test_a_few_turns_in_a_row_are_not_a_burst():
    assert pauses_after([3] * (TURNS - 1)) == []


def test_in_a_burst_the_relay_waits_for_more_events():
    assert pauses_after([3] * TURNS) == [GATHER]


def test_empty_turns_do_not_count_as_a_burst():
    assert pauses_after([0] * TURNS * 2) == []
    assert pauses_after([3] * TURNS + [0]) == [GATHER]


def test_an_event_after_a_burst_leaves_at_once():
    assert pauses_after([3] * TURNS, rest=SOON * 1.2) == []


def test_a_burst_continues_over_its_own_pauses():
    stream, stop, pauses = BurstBatching(), threading.Event(), 0
    for _ in range(TURNS + 3):
        stream.record(3)
        began = time.monotonic()
        stream.wait(0, lambda _: None, stop=stop)
        pauses += time.monotonic() - began >= GATHER
    assert pauses == 4, "each turn after the first eight is followed by one"
