"""Template filters for dates, times and names, in the language and time zone of the page."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from shared import typed
from shared.dates import in_words, zone_name
from shared.tables import now
from shared.typed import name_words
from shared.web.ui import theme
from shared.web.ui.labels import say, say_many

MINUTE, HOUR, DAY = 60, 3600, 86400


def day(when: date) -> str:
    """Like "Thursday, December 3", with the year if it is not the current one."""
    page = theme.current()
    if isinstance(when, datetime):
        when = _local(when).date()
    return in_words(when, page.language, today=_local(now()).date())


def moment(at: datetime) -> str:
    """Like "Thursday, December 3, 9:42 a.m. CST", in the time zone of the institution."""
    local = _local(at)
    half = say("before_noon" if local.hour < 12 else "after_noon")
    clock = f"{local.hour % 12 or 12}:{local:%M} {half} {zone_name(local)}"
    return say("at", day=day(at), clock=clock)


def ago(at: datetime, *, seen_at: datetime | None = None) -> str:
    """Like "2 hours ago", "yesterday" or "in 3 days"; the date from ten days on."""
    current = seen_at or now()
    seconds = (current - at).total_seconds()
    days = (_local(current).date() - _local(at).date()).days
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
    """Two initials of a name: of its first and last word, without titles."""
    parts = [part for part in name_words(name) if part[0].isalpha()]
    ends = parts if len(parts) < 2 else [parts[0], parts[-1]]
    return "".join(part[0] for part in ends).upper()


def dialed(phone: str) -> str:
    """The first phone number of a text as a tel: address, with its extension."""
    number, extension = typed.first_phone(phone)
    return f"{number};ext={extension}" if extension else number


def thousands(number: int) -> str:
    """A number with commas, as in 12,345."""
    return f"{number:,}"


def bdi(text: object) -> Markup:
    """Text of a person, set apart from the sentence around it, whichever way it is written."""
    return Markup("<bdi>{}</bdi>").format(text) if text else Markup()


def typed_length(text: str) -> int:
    """The length as limits count it: line breaks and composed letters count once, blanks at the
    ends do not count.
    """
    return len(typed.composed(text.replace("\r\n", "\n")).strip())


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(theme.current().zone))


FILTERS = {
    "day": day,
    "moment": moment,
    "ago": ago,
    "initials": initials,
    "dialed": dialed,
    "thousands": thousands,
    "bdi": bdi,
    "typed_length": typed_length,
}
