"""How often to look whether another connection has committed something to a SQLite file.

A look is one number, `pragma data_version`. While something goes on, more is about to follow: then
a loop looks often, so that a proposal that goes through four of them is not held up by each.
"""

import time

CALM, BRISK = 0.02, 0.005  # seconds between two looks
BRISK_FOR = 0.2  # seconds after a change for which looks are brisk


class FilePoller:
    """The looks of one loop at one file."""

    def __init__(self) -> None:
        self._version: int | None = None
        self._changed_at = 0.0

    def is_news(self, version: int) -> bool:
        """Whether the file's version is another than at the last look."""
        if version == self._version:
            return False
        self._version, self._changed_at = version, time.monotonic()
        return True

    def pause(self) -> None:
        """Wait until the next look is due."""
        lively = time.monotonic() - self._changed_at < BRISK_FOR
        time.sleep(BRISK if lively else CALM)
