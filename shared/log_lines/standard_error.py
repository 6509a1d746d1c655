"""Standard error as the place of log lines: a line that cannot be written is dropped and counted.

A full disk or a reader that has gone must stop neither a request nor a loop. Each line is one write
to the file descriptor, since a buffered stream would keep what it could not write and fail again.
"""

import io
import json
import os
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

LOST = "lines of the log were lost"


class Lost(NamedTuple):
    """How many lines were lost since the start, and why the last write failed, if it did."""

    lines: int
    reason: str | None


class LineWriter:
    """Writes whole lines; any number of threads may share one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lost = self._untold = 0
        self._reason: str | None = None
        self._is_broken = False

    def write(self, line: str) -> None:
        """Write the line, after a word about those that were lost before it. Never raises."""
        with self._lock:
            if self._untold and self._put(_about(self._untold, self._reason)):
                self._untold = 0
            if self._untold or not self._put(line):
                self._lost += 1
                self._untold += 1
            else:
                self._reason = None

    def lost(self) -> Lost:
        """What was lost so far."""
        return Lost(self._lost, self._reason)

    def _put(self, line: str) -> bool:
        """Write one line; False if it was not written to its end."""
        start = b"\n" if self._is_broken else b""  # the disk filled up in the middle of a line
        data = start + line.encode("utf-8", "backslashreplace") + b"\n"
        try:
            written = _write(data)
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            self._reason = getattr(error, "strerror", None) or type(error).__name__
            return False
        self._is_broken = written < len(data) and (self._is_broken or written > 0)
        if written < len(data):
            self._reason = "the disk is full"
        return written == len(data)


def _write(data: bytes) -> int:
    stream = sys.stderr
    if stream is None:
        raise ValueError("there is no standard error")
    with suppress(io.UnsupportedOperation):
        return os.write(stream.fileno(), data)
    stream.write(data.decode())  # a stream without a file: that of a test
    return len(data)


def _about(count: int, reason: str | None) -> str:
    line = {"event": LOST, "lines": count, "reason": reason, "level": "error", "module": __name__}
    return json.dumps(line | {"timestamp": datetime.now(UTC).isoformat()})


writer = LineWriter()


def trouble() -> str | None:
    """One sentence while lines cannot be written; None as long as they can."""
    lost = writer.lost()
    return f"{LOST}: {lost.reason}" if lost.reason else None
