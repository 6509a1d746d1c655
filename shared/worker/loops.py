"""How a loop of a worker goes round, and the sign of life that it gives."""

import random
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from shared import db, logs, outbox

log = logs.logger(__name__)

WATCHDOG = 30.0  # seconds without a sign of life, unless a loop asked for more
POLL = 1.0  # seconds: the net under every wake-up
MAX_PAUSE = 10.0


class SignOfLife(NamedTuple):
    seen: float
    within: float
    trouble: str | None


class Heartbeat:
    """What a loop calls each turn: I live, I may take so long, this is in my way."""

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
    """Take the step until stopped: at once again after work, woken by `wait` after none.

    What is merely away (broker, database) is said in the sign of life and tried again after a
    growing, spread pause; anything else is a fault and ends the loop.
    """
    failures = 0
    while not stop.is_set():
        try:
            worked = step()
        except (outbox.Doubt, DBAPIError) as error:
            if isinstance(error, DBAPIError) and not db.unreachable(error):
                raise
            failures += 1
            longest = min(MAX_PAUSE, 0.2 * 2 ** min(failures, 10))
            log.warning("a loop pauses", error=str(error)[:300])
            beat(str(error)[:300])
            stop.wait(random.uniform(0.1, longest))  # noqa: S311 - spread, no secret
            continue
        failures = 0
        beat()
        if not worked:
            wait(POLL)


def run_every(
    seconds: float,
    turn: Callable[[], int],
    *,
    stop: threading.Event,
    beat: Heartbeat,
    rest: float = 0.0,
) -> None:
    """Take a turn every so many seconds until stopped, sooner again while it finds work: after
    `rest` seconds, which are for the other loops of the process.
    """
    due = time.monotonic()

    def step() -> int:
        nonlocal due
        if time.monotonic() < due:
            return 0
        count = turn()
        due = time.monotonic() + (rest if count else seconds)
        return count

    run_loop(step, stop=stop, beat=beat, wait=stop.wait)
