"""Named points between two steps of the delivery protocol, at which a test may kill the process.

Without a listener a point does nothing. Only the test harness sets one, by starting the process
through its own module. No setting and no environment variable can.
"""

from collections.abc import Callable

listener: Callable[[str], None] | None = None


def point(name: str) -> None:
    """Call the listener of a test, if there is one."""
    if listener is not None:
        listener(name)
