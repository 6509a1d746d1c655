"""Working days and promised dates, as a person at the institution counts them.

A working day is Monday to Friday and no holiday of the profile; days are local days of the
profile's time zone, so what arrives after midnight there belongs to the new day, whatever UTC
says. A promise of three working days made on a Monday means Thursday: the day of sending is not
counted. What arrives on a closed day counts as arrived on the next working day.
"""

from datetime import date, datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

from shared.profile import Profile


class Promises(TypedDict):
    """The dates that a proposer is told, local to the institution."""

    first_reply_by: date
    meeting_by: date
    decision_by: date


def is_working_day(profile: Profile, day: date) -> bool:
    """Whether the office is open on this day."""
    return day.weekday() < 5 and day not in profile.holidays


def begins_week(profile: Profile, day: date) -> bool:
    """Whether it is the first working day of its week."""
    before = [day - timedelta(days=back) for back in range(1, day.weekday() + 1)]
    closed = not any(is_working_day(profile, one) for one in before)
    return closed and is_working_day(profile, day)


def local_day(profile: Profile, at: datetime) -> date:
    """The day at the institution; `at` must know its time zone (else ValueError)."""
    if at.utcoffset() is None:
        raise ValueError("a time without a zone belongs to no day")
    return at.astimezone(ZoneInfo(profile.time_zone)).date()


def add_working_days(profile: Profile, start: date, days: int) -> date:
    """The working day that comes `days` (0 or more) working days after `start`.

    `start` itself is not counted. With 0 it is `start`, or the next working day if that is closed.
    """
    if days < 0:
        raise ValueError("promises look ahead")
    day = start
    if days == 0:
        while not is_working_day(profile, day):
            day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=1)
        while not is_working_day(profile, day):
            day += timedelta(days=1)
    return day


def take_working_days(profile: Profile, end: date, days: int) -> date:
    """The working day that lies `days` (0 or more) working days before `end`; with 0 `end`."""
    day = end
    for _ in range(days):
        day -= timedelta(days=1)
        while not is_working_day(profile, day):
            day -= timedelta(days=1)
    return day


def is_working_time(profile: Profile, at: datetime) -> bool:
    """Whether the office is at work at this moment (which must know its time zone)."""
    if not is_working_day(profile, local_day(profile, at)):
        return False
    hours = _hours(profile)
    return hours["opens"] <= _hour(profile, at) < hours["closes"]


def next_opening(profile: Profile, at: datetime) -> date:
    """The day on which the office opens next after this moment."""
    day = local_day(profile, at)
    if is_working_day(profile, day) and _hour(profile, at) < _hours(profile)["opens"]:
        return day
    return add_working_days(profile, day, 1)


def _hours(profile: Profile) -> dict[str, int]:
    return profile.body.get("working_hours") or {"opens": 8, "closes": 18}


def _hour(profile: Profile, at: datetime) -> int:
    return at.astimezone(ZoneInfo(profile.time_zone)).hour


def promises(profile: Profile, at: datetime) -> Promises:
    """What we promise for an idea that arrived at this moment (a datetime that knows its zone)."""
    arrived = add_working_days(profile, local_day(profile, at), 0)

    def by(name: str) -> date:
        return add_working_days(profile, arrived, profile.promises[name]["days"])

    return Promises(
        first_reply_by=by("first_reply"), meeting_by=by("meeting"), decision_by=by("decision")
    )
