"""A loop of the worker that watches the promises, while the office is at work."""

import threading
from datetime import datetime

from services.review import promises
from shared import calendar, db
from shared.profile import versions
from shared.tables import now
from shared.worker import Beat, every

EVERY = 60.0  # seconds


def watch(stop: threading.Event, beat: Beat) -> None:
    """Warn of promises, every minute, until told to stop."""
    every(EVERY, turn, stop=stop, beat=beat)


def turn(at: datetime | None = None) -> int:
    """Warn of what is due by now; return how many cases were looked at. At night nothing is."""
    at = at or now()
    with db.begin() as session:
        try:
            profile = versions.in_force(session)
        except versions.NoProfile:
            return 0
        if not calendar.is_working_time(profile, at):
            return 0
        return promises.warn(session, profile=profile, at=at)
