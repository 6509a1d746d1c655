"""Named places between two steps of the delivery protocol, where a test may end the process.

In the product nobody listens. The harness under `tests/` arms them from outside, by starting a
process through its own module; no setting and no environment variable reaches them here.
"""

from collections.abc import Callable

listener: Callable[[str], None] | None = None


def point(name: str) -> None:
    """Say that the place is reached; does nothing unless a test listens."""
    if listener is not None:
        listener(name)
