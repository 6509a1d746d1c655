"""Dates, moments and names as pages show them, in the language and time zone of the page."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.dates import in_words
from shared.tables import now
from shared.web.ui import theme
from shared.web.ui.labels import say, say_many

MINUTE, HOUR, DAY = 60, 3600, 86400


def day(when: date) -> str:
    """Like "Thursday, December 3"; of a moment its day here. The year follows if it is another."""
    seen = theme.current()
    if isinstance(when, datetime):
        when = _here(when).date()
    return in_words(when, seen.language, today=_here(now()).date())


def moment(at: datetime) -> str:
    """Like "Thursday, December 3, 9:42 am", as the clock of the institution shows it."""
    here = _here(at)
    clock = f"{here.hour % 12 or 12}:{here:%M} {'am' if here.hour < 12 else 'pm'}"
    if theme.current().language == "es":
        clock = f"{here.hour}:{here:%M}"
    return say("at", day=day(at), clock=clock)


def ago(at: datetime, *, seen_at: datetime | None = None) -> str:
    """Like "2 hours ago", "yesterday" or "in 3 days"; from ten days on the day itself."""
    current = seen_at or now()
    seconds = (current - at).total_seconds()
    days = (_here(current).date() - _here(at).date()).days
    if abs(seconds) < MINUTE:
        return say("just_now")
    direction = "ago" if seconds > 0 else "ahead"
    if abs(seconds) < HOUR:
        return say_many(f"minutes_{direction}", int(abs(seconds) // MINUTE))
    if days == 0 or abs(seconds) < 6 * HOUR:
        return say_many(f"hours_{direction}", int(abs(seconds) // HOUR))
    if abs(days) == 1:
        return say("yesterday" if days > 0 else "tomorrow")
    if abs(days) < 10:
        return say_many(f"days_{direction}", abs(days))
    return day(at)


def initials(name: str) -> str:
    """Two letters for a name: first and last word."""
    parts = [part for part in name.split() if part[0].isalpha()]
    ends = parts if len(parts) < 2 else [parts[0], parts[-1]]
    return "".join(part[0] for part in ends).upper()


def dialed(phone: str) -> str:
    """A phone number as a tel: address; what stands after an "ext" becomes a pause."""
    number, _, extension = phone.lower().replace("ext.", "x").replace("ext", "x").partition("x")
    digits = "".join(char for char in number if char.isdigit())
    extra = "".join(char for char in extension if char.isdigit())
    sign = "+" if number.strip().startswith("+") else ""
    return f"{sign}{digits};ext={extra}" if extra else f"{sign}{digits}"


def thousands(number: int) -> str:
    """A number with commas, as in 12,345."""
    return f"{number:,}"


def typed_length(text: str) -> int:
    """Characters as the limits count them: line breaks are one, blanks at the ends none."""
    return len(text.replace("\r\n", "\n").strip())


def _here(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(theme.current().zone))


FILTERS = {
    "day": day,
    "moment": moment,
    "ago": ago,
    "initials": initials,
    "dialed": dialed,
    "thousands": thousands,
    "typed_length": typed_length,
}
