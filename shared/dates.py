"""Dates and months in words, in each language of the pages."""

from datetime import date, datetime

_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
}


def in_words(day: date, language: str, *, today: date | None = None) -> str:
    """Like "Thursday, December 3" or "jueves 3 de diciembre"; with the year if not this one."""
    weekday, month = _WEEKDAYS[language][day.weekday()], _month(day, language)
    other_year = day.year != (today or date.today()).year
    if language == "es":
        return f"{weekday} {day.day} de {month}" + (f" de {day.year}" if other_year else "")
    return f"{weekday}, {month} {day.day}" + (f", {day.year}" if other_year else "")


def zone_name(at: datetime) -> str:
    """Like "CST"; like "UTC-3" for a zone without a name. `at` needs a time zone."""
    name = at.strftime("%Z")
    if name[:1] not in "+-":
        return name
    minutes = at.strftime("%z")
    hours = f"UTC{minutes[0]}{int(minutes[1:3])}"
    return hours if minutes[3:5] == "00" else f"{hours}:{minutes[3:5]}"


def month_or_day(text: str, language: str) -> str:
    """Format "2027-03" or "2027-03-01" as "March 2027" or "March 1, 2027"."""
    day = date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    month = _month(day, language)
    if len(text) <= 7:
        return f"{month} de {day.year}" if language == "es" else f"{month} {day.year}"
    if language == "es":
        return f"{day.day} de {month} de {day.year}"
    return f"{month} {day.day}, {day.year}"


def _month(day: date, language: str) -> str:
    return _MONTHS[language].split()[day.month - 1]
