"""Whose turn it is to wait for the one writer of a SQLite file.

A web process has a few threads. If another program held the file, every thread could end up waiting
for it, and nobody would be left to answer /healthz or to show a page. So only some may wait; the
others are refused: at once where the wait is long already, else after a moment in which the turns
of a busy hour pass.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

MOST = 5  # transactions that wait at once; fewer than a web process has threads
MOMENT = 0.75  # seconds


class Turns:
    """The waiting transactions of one process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._since: list[float] = []

    @contextmanager
    def waiting(self) -> Iterator[bool]:
        """Take a place among those who wait; False where there is none."""
        began = time.monotonic()
        with self._changed:
            has_place = self._changed.wait_for(self._is_decided, MOMENT) and self._has_place()
            if has_place:
                self._since.append(began)
        try:
            yield has_place
        finally:
            if has_place:
                with self._changed:
                    self._since.remove(began)
                    self._changed.notify()

    def _has_place(self) -> bool:
        return len(self._since) < MOST

    def _is_decided(self) -> bool:
        """Whether there is a place, or the wait is long already."""
        return self._has_place() or time.monotonic() - min(self._since) > MOMENT
