"""Loops of the worker: departures, held cases that reopen, reminders, digests, password links."""

import threading
from collections.abc import Callable
from datetime import datetime

from services.review import departures
from services.review.lifecycle import reopening
from services.review.notifications import deadline_reminders, morning_digest, weekly_digest
from services.review.staff import password_resets
from shared import calendar, db
from shared.profile import Profile, versions
from shared.tables import now
from shared.worker.loops import Heartbeat, run_every

EVERY = 60.0  # seconds
PASSWORD_LINKS_EVERY = 1.0  # seconds
DEPARTURES_EVERY = 1.0  # seconds


def let_leave(stop: threading.Event, beat: Heartbeat) -> None:
    """Let leave what the office has sent, every second, until the worker stops."""
    run_every(DEPARTURES_EVERY, departures.leave_due_everywhere, stop=stop, beat=beat)


def reopen_held_cases(stop: threading.Event, beat: Heartbeat) -> None:
    """Reopen cases whose hold ends today, every minute, until the worker stops."""
    run_every(EVERY, reopening_turn, stop=stop, beat=beat)


def reopening_turn() -> int:
    """Reopen what was on hold until today, by the institution's calendar; return how many."""
    with db.begin() as session:
        try:
            profile = versions.in_force(session)
        except versions.NoProfile:
            return 0
        return reopening.reopen_due(session, today=calendar.local_day(profile, now()))


def remind_of_deadlines(stop: threading.Event, beat: Heartbeat) -> None:
    """Remind of deadlines, every minute, until the worker stops."""
    run_every(EVERY, deadline_turn, stop=stop, beat=beat)


def deadline_turn(at: datetime | None = None) -> int:
    """Remind of what is due by now; return how many cases were checked."""
    at = at or now()
    profile = _during_working_time(at)
    if profile is None:
        return 0
    with db.begin() as session:
        return deadline_reminders.send_due(session, profile=profile, at=at)


def send_morning_digests(stop: threading.Event, beat: Heartbeat) -> None:
    """Send the daily summaries, until the worker stops."""
    run_every(EVERY, morning_turn, stop=stop, beat=beat)


def morning_turn(at: datetime | None = None) -> int:
    """Send the summaries that are due by today; return how many mails were requested.

    Each person gets a transaction of their own.
    """
    at = at or now()
    profile = _during_working_time(at)
    if profile is None:
        return 0
    with db.read() as session:
        recipients = morning_digest.recipients(session, today=calendar.local_day(profile, at))
    requested = 0
    for member_id in recipients:
        with db.begin() as session:
            requested += morning_digest.send(session, member_id, profile=profile, at=at)
    return requested


def send_weekly_digests(stop: threading.Event, beat: Heartbeat) -> None:
    """Send the weekly digest when the week begins, until the worker stops."""
    run_every(EVERY, weekly_turn, stop=stop, beat=beat)


def weekly_turn(at: datetime | None = None) -> int:
    """Send digests if today is their day; return how many people were checked."""
    at = at or now()
    profile = _during_working_time(
        at, lambda profile: weekly_digest.is_sent_on(profile, calendar.local_day(profile, at))
    )
    if profile is None:
        return 0
    with db.begin() as session:
        today = calendar.local_day(profile, at)
        return weekly_digest.send(session, profile=profile, today=today)


def send_password_links(stop: threading.Event, beat: Heartbeat) -> None:
    """Mail the requested password links, every second, until the worker stops."""
    run_every(PASSWORD_LINKS_EVERY, password_resets.send_links, stop=stop, beat=beat)


def _during_working_time(
    at: datetime, suits: Callable[[Profile], bool] = lambda profile: True
) -> Profile | None:
    """The profile in force, if this moment is working time and the day suits."""
    with db.read() as session:
        try:
            profile = versions.in_force(session)
        except versions.NoProfile:
            return None
    return profile if calendar.is_working_time(profile, at) and suits(profile) else None
