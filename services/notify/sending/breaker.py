"""The breaker: while the mail server is in trouble, leave it alone and blame no mail."""

import time

FIRST = 1.0  # seconds


class Breaker:
    """Open for 1, 2, 4 … seconds after each trouble in a row, at most `longest`."""

    def __init__(self, *, longest: float):
        self._longest = longest
        self._failures = 0
        self._until = 0.0
        self.trouble: str | None = None

    def is_open(self) -> bool:
        """Whether to leave the server alone for now."""
        return time.monotonic() < self._until

    def trip(self, reply: str) -> float:
        """Count one more trouble; return the pause in seconds. Several connections that fail at the
        same time are one trouble.
        """
        if self.is_open():
            return self._until - time.monotonic()
        pause = min(self._longest, FIRST * 2.0 ** min(self._failures, 30))
        self._failures += 1
        self._until = time.monotonic() + pause
        self.trouble = f"The mail server is in trouble: {reply}"[:300]
        return pause

    def close(self) -> None:
        """Forget the troubles: the server has answered."""
        self._failures, self.trouble = 0, None
