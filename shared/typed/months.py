"""Months and days as people type them, in English and Spanish."""

import re
from datetime import date

from shared.typed.plain import DASHES, INVISIBLE, line, up_to

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ene enero", "feb february febrero",
            "mar march marzo", "apr april abr abril",
            "may mayo", "jun june junio", "jul july julio", "aug august ago agosto",
            "sep sept september set septiembre setiembre", "oct october octubre",
            "nov november noviembre", "dec december dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_NAMED_MONTH = re.compile(r"([^\W\d]+)\.?,?[\s/-]+(?:del?\s+|of\s+)?(20[0-9]{2})", re.I)
_NAMED_DAY = re.compile(
    r"([^\W\d]+)\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+(20[0-9]{2})", re.I
)  # March 1, 2027
_DAY_NAMED = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|º)?\s+(?:de\s+|of\s+)?([^\W\d]+)\.?,?\s+(?:del?\s+|of\s+)?(20[0-9]{2})",
    re.I,
)  # 1 March 2027, 1 de marzo de 2027
_NUMBERED_MONTH = re.compile(r"([0-9]{1,2})\s?[/.-]\s?(20[0-9]{2})")  # 3/2027
_NUMBERED_DAY = re.compile(
    r"([0-9]{1,2})\s?([/.-])\s?([0-9]{1,2})\s?\2\s?(20[0-9]{2}|[0-9]{2})"
)  # 3/15/2027, 15/3/27
_YEAR_FIRST = re.compile(r"(20[0-9]{2})\s?[/.-]\s?([0-9]{1,2})(?:\s?[/.-]\s?([0-9]{1,2}))?")


@up_to(200)
def month(typed: str) -> str:
    """A month or day as `2027-03` or `2027-03-01`, from names, numbers, English or Spanish.

    `3/27` and `3/4/2027` may mean two things, so they stay as they are; so does a day that no
    month has.
    """
    plain = re.sub(r"\s+", " ", DASHES.sub("-", INVISIBLE.sub("", line(typed)))).strip(" .,")
    if match := _YEAR_FIRST.fullmatch(plain):
        return _date(match[1], match[2], match[3]) or plain
    if match := _NUMBERED_MONTH.fullmatch(plain):
        return _date(match[2], match[1], None) or plain
    if match := _NAMED_MONTH.fullmatch(plain):
        return _date(match[2], match[1], None) or plain
    if match := _NAMED_DAY.fullmatch(plain):
        return _date(match[3], match[1], match[2]) or plain
    if match := _DAY_NAMED.fullmatch(plain):
        return _date(match[3], match[2], match[1]) or plain
    if match := _NUMBERED_DAY.fullmatch(plain):
        return _only_date(match[1], match[3], match[4][-2:]) or plain
    return plain


def _date(year: str, month: str, day: str | None) -> str | None:
    """The date in digits; None where the month has no such name or number."""
    number = int(month) if month.isdecimal() else _MONTHS.get(month.casefold())
    if number is None or not 1 <= number <= 12:
        return None
    try:
        found = date(int(year), number, int(day or 1))
    except ValueError:
        return None
    return found.isoformat() if day else found.isoformat()[:7]


def _only_date(first: str, second: str, year: str) -> str | None:
    """The date of month and day in either order, where only one order can be meant."""
    orders = ((first, second), (second, first))
    dates = {_date(f"20{year}", *order) for order in orders} - {None}
    return dates.pop() if len(dates) == 1 else None
