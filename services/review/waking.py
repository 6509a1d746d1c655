"""What was put on hold wakes up by itself: a loop of the worker that asks the calendar."""

import threading
import time

from services.review import lifecycle
from shared import calendar, db
from shared.profile import versions
from shared.tables import now
from shared.worker import Beat, keep

EVERY = 60.0  # seconds


def wake(stop: threading.Event, beat: Beat) -> None:
    """Take up what is due, every minute, until told to stop."""
    due = time.monotonic()

    def step() -> int:
        nonlocal due
        if time.monotonic() < due:
            return 0
        count = turn()
        due = time.monotonic() + (0 if count else EVERY)
        return count

    keep(step, stop=stop, beat=beat, wait=stop.wait)


def turn() -> int:
    """Take up what was on hold until today, by the calendar of the institution; return how many."""
    with db.begin() as session:
        try:
            profile = versions.in_force(session)
        except versions.NoProfile:
            return 0
        return lifecycle.wake(session, today=calendar.local_day(profile, now()))
