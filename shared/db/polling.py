"""How often to check whether another connection has committed to a SQLite file.

A check reads one number, `pragma data_version`. A change is often followed by more, so a loop
checks more often after one: a proposal passes four loops, and each would add its pause.
"""

import time

IDLE_PAUSE, BUSY_PAUSE = 0.02, 0.005  # seconds between two checks
BUSY_FOR = 0.2  # seconds after a change with the shorter pause


class FilePoller:
    """The checks of one loop on one file."""

    def __init__(self) -> None:
        self._version: int | None = None
        self._changed_at = 0.0

    def has_changed(self, version: int) -> bool:
        """Whether the version differs from that of the last check."""
        if version == self._version:
            return False
        self._version, self._changed_at = version, time.monotonic()
        return True

    def pause(self) -> None:
        """Wait until the next check is due."""
        busy = time.monotonic() - self._changed_at < BUSY_FOR
        time.sleep(BUSY_PAUSE if busy else IDLE_PAUSE)
