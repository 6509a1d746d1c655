"""What was put on hold wakes up by itself: a loop of the worker that asks the calendar."""

import threading

from services.review import lifecycle
from shared import calendar, db
from shared.loops import Beat, every
from shared.profile import versions
from shared.tables import now

EVERY = 60.0  # seconds


def wake(stop: threading.Event, beat: Beat) -> None:
    """Take up what is due, every minute, until told to stop."""
    every(EVERY, turn, stop=stop, beat=beat)


def turn() -> int:
    """Take up what was on hold until today, by the calendar of the institution; return how many."""
    with db.begin() as session:
        try:
            profile = versions.in_force(session)
        except versions.NoProfile:
            return 0
        return lifecycle.wake(session, today=calendar.local_day(profile, now()))
