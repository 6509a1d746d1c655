"""Loops of the worker that speak to the office while it is at work: of promises, of what waited for
the morning, of the week.
"""

import threading
from collections.abc import Callable
from datetime import datetime

from services.review import digests, news, promises
from shared import calendar, db
from shared.loops import Beat, every
from shared.profile import Profile, versions
from shared.tables import now

EVERY = 60.0  # seconds


def watch(stop: threading.Event, beat: Beat) -> None:
    """Warn of promises, every minute, until told to stop."""
    every(EVERY, turn, stop=stop, beat=beat)


def turn(at: datetime | None = None) -> int:
    """Warn of what is due by now; return how many cases were looked at."""
    at = at or now()
    profile = _at_work(at, lambda profile: True)
    if profile is None:
        return 0
    with db.begin() as session:
        return promises.warn(session, profile=profile, at=at)


def greet(stop: threading.Event, beat: Beat) -> None:
    """Tell what waits for the morning, until told to stop."""
    every(EVERY, morning_turn, stop=stop, beat=beat)


def morning_turn(at: datetime | None = None) -> int:
    """Tell each what waits for her until today, in a transaction of her own; return how many mails
    were asked for.
    """
    at = at or now()
    profile = _at_work(at, lambda profile: True)
    if profile is None:
        return 0
    with db.read() as session:
        waiting = news.waiting(session, today=calendar.local_day(profile, at))
    told = 0
    for member_id in waiting:
        with db.begin() as session:
            told += news.tell(session, member_id, profile=profile, at=at)
    return told


def sum_up(stop: threading.Event, beat: Beat) -> None:
    """Send the digest as the week begins, until told to stop."""
    every(EVERY, digest_turn, stop=stop, beat=beat)


def digest_turn(at: datetime | None = None) -> int:
    """Send digests on the first working day of the week; return how many people were looked at."""
    at = at or now()
    profile = _at_work(
        at, lambda profile: calendar.begins_week(profile, calendar.local_day(profile, at))
    )
    if profile is None:
        return 0
    with db.begin() as session:
        return digests.send(session, profile=profile, today=calendar.local_day(profile, at))


def _at_work(at: datetime, suits: Callable[[Profile], bool]) -> Profile | None:
    """The profile in force, if the office is at work at this moment and the day suits."""
    with db.read() as session:
        try:
            profile = versions.in_force(session)
        except versions.NoProfile:
            return None
    return profile if calendar.is_working_time(profile, at) and suits(profile) else None
