"""The loops of a worker and their heartbeats."""

import random
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from shared import db, logs, outbox

log = logs.logger(__name__)

WATCHDOG = 30.0  # seconds without a heartbeat, unless a loop asks for more
POLL = 1.0  # seconds between two looks, in case a wake-up is missed
MAX_PAUSE = 10.0


class SignOfLife(NamedTuple):
    """The last heartbeat of a loop; the next one is due `within` seconds."""

    seen: float
    within: float
    trouble: str | None


class Heartbeat:
    """A loop calls it each turn, with its trouble and the time that the turn may take."""

    def __init__(self, signs: dict[str, SignOfLife], name: str):
        self._signs, self._name = signs, name
        self()

    def __call__(self, trouble: str | None = None, *, within: float = WATCHDOG) -> None:
        self._signs[self._name] = SignOfLife(time.monotonic(), within, trouble)


Loop = Callable[[threading.Event, Heartbeat], None]


def run_loop(
    step: Callable[[], int],
    *,
    stop: threading.Event,
    beat: Heartbeat,
    wait: Callable[[float], object],
) -> None:
    """Repeat `step` until stopped: at once after work, else after `wait`.

    If the broker or database is away, report it in the heartbeat and retry after a growing random
    pause. Any other exception is a bug and ends the loop.
    """
    failures = 0
    while not stop.is_set():
        try:
            worked = step()
        except (outbox.Unconfirmed, DBAPIError) as error:
            if isinstance(error, DBAPIError) and not db.unreachable(error):
                raise
            failures += 1
            longest = min(MAX_PAUSE, 0.2 * 2 ** min(failures, 10))
            log.warning("loop pauses", error=str(error)[:300])
            beat(str(error)[:300])
            stop.wait(random.uniform(0.1, longest))  # noqa: S311 - spreads the load, no secret
            continue
        failures = 0
        beat()
        if not worked:
            wait(POLL)


def run_every(
    seconds: float,
    task: Callable[[], int],
    *,
    stop: threading.Event,
    beat: Heartbeat,
    rest: float = 0.0,
) -> None:
    """Call `task` every `seconds` until stopped.

    While it finds work, call it again after `rest` seconds, which leave time for other loops.
    """
    due = time.monotonic()

    def step() -> int:
        nonlocal due
        if time.monotonic() < due:
            return 0
        count = task()
        due = time.monotonic() + (rest if count else seconds)
        return count

    run_loop(step, stop=stop, beat=beat, wait=stop.wait)
