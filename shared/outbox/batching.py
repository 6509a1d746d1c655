"""Batch relay wake-ups: publish a lone event at once, gather bursts for 50 ms."""

import threading
import time
from collections.abc import Callable

TURNS = 8  # in a row are a burst; one submission causes fewer
SOON = 0.05  # seconds after a turn in which the next one continues the row
GATHER = 0.05  # seconds


class BurstBatching:
    """The turns of one relay.

    In a burst, a turn for each event is wasteful: it costs three statements and a wake-up, and
    could publish about sixteen events.
    """

    def __init__(self) -> None:
        self._ended, self._turns = 0.0, 0

    def record(self, count: int) -> None:
        """Count a turn that published `count` events; an empty turn does not count."""
        if count:
            self._turns = self._turns + 1 if self._is_recent() else 1
            self._ended = time.monotonic()

    def wait(
        self, seconds: float, wait: Callable[[float], object], *, stop: threading.Event
    ) -> None:
        """Wait for a wake-up with `wait`; in a burst, gather further ones before returning."""
        wait(seconds)
        if self._turns >= TURNS and self._is_recent():
            stop.wait(GATHER)
            wait(0)  # consume the wake-ups gathered meanwhile
            self._ended = time.monotonic()  # the pause must not end the burst

    def _is_recent(self) -> bool:
        return time.monotonic() - self._ended < SOON
