"""Working days, opening hours and promised dates.

A working day is Monday to Friday, except the holidays of the profile. Days are local to the
profile's time zone: a proposal that arrives after local midnight belongs to the new day, whatever
the date in UTC. The day of arrival does not count: three working days from a Monday is Thursday.
A proposal that arrives on a closed day counts as arrived on the next working day.
"""

from datetime import date, datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

from shared.dates import in_words
from shared.profile import Profile

HOLIDAYS_KNOWN_FOR = timedelta(days=365)


class Promises(TypedDict):
    """The dates promised to a proposer, local to the institution."""

    first_reply_by: date
    meeting_by: date
    decision_by: date


def is_working_day(profile: Profile, day: date) -> bool:
    """Whether the office is open on this day."""
    return day.weekday() < 5 and day not in profile.holidays


def local_day(profile: Profile, at: datetime) -> date:
    """The date at the institution. Raises ValueError if `at` has no time zone."""
    if at.utcoffset() is None:
        raise ValueError("cannot find the local day of a time without a time zone")
    return at.astimezone(ZoneInfo(profile.time_zone)).date()


def add_working_days(profile: Profile, start: date, days: int) -> date:
    """The working day `days` (0 or more) working days after `start`.

    `start` itself does not count. With 0 days: `start`, or the next working day if it is closed.
    """
    if days < 0:
        raise ValueError(f"cannot add {days} working days; use subtract_working_days")
    day = start
    if days == 0:
        while not is_working_day(profile, day):
            day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=1)
        while not is_working_day(profile, day):
            day += timedelta(days=1)
    return day


def subtract_working_days(profile: Profile, end: date, days: int) -> date:
    """The working day `days` (0 or more) working days before `end`; `end` itself for 0."""
    day = end
    for _ in range(days):
        day -= timedelta(days=1)
        while not is_working_day(profile, day):
            day -= timedelta(days=1)
    return day


def holiday_warning(profile: Profile, today: date) -> str | None:
    """What to say to whoever keeps the profile if its holidays end within a year."""
    if not profile.holidays:
        return "The profile has no holidays, so promised dates count each of them as a working day."
    last = max(profile.holidays)
    if last >= today + HOLIDAYS_KNOWN_FOR:
        return None
    return (
        f"The last holiday in the profile is {in_words(last, 'en', today=today)}. Add the holidays"
        " that follow, or promised dates will count them as working days."
    )


def is_working_time(profile: Profile, at: datetime) -> bool:
    """Whether the office is open at this moment. Raises ValueError without a time zone."""
    if not is_working_day(profile, local_day(profile, at)):
        return False
    hours = _hours(profile)
    return hours["opens"] <= _hour(profile, at) < hours["closes"]


def next_opening(profile: Profile, at: datetime) -> date:
    """The next day on which the office opens after this moment."""
    day = local_day(profile, at)
    if is_working_day(profile, day) and _hour(profile, at) < _hours(profile)["opens"]:
        return day
    return add_working_days(profile, day, 1)


def _hours(profile: Profile) -> dict[str, int]:
    return profile.body.get("working_hours") or {"opens": 8, "closes": 18}


def _hour(profile: Profile, at: datetime) -> int:
    return at.astimezone(ZoneInfo(profile.time_zone)).hour


def promises(profile: Profile, at: datetime) -> Promises:
    """The promised dates of a proposal that arrived at this moment. `at` needs a time zone."""
    arrived = add_working_days(profile, local_day(profile, at), 0)

    def by(name: str) -> date:
        return add_working_days(profile, arrived, profile.promises[name]["days"])

    return Promises(
        first_reply_by=by("first_reply"), meeting_by=by("meeting"), decision_by=by("decision")
    )
