"""What typed text means: the one place that reads addresses, phones, links, months, numbers, lists.

Each function takes what a person typed or pasted. What can only mean one thing comes back in the
form that the rules accept; anything else comes back as it was typed, and the rules refuse it with
their own sentence. Nothing here raises.

A stranger can send long text that is made to be slow. So one-line answers are read only up to a
length far above any real one, and a longer text comes back as it was typed too.
"""

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable
from typing import Literal, TypeVar

# Characters that show nothing and come with a paste: soft hyphen, zero width, byte order mark,
# direction marks and isolates. Joiners stay in texts, because emoji and some scripts need them.
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u02bb\u2032\u00b4\uff07]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_BULLET = re.compile(r"(?:[•◦▪▫‣⁃·●○■□➢➤✓✔*\u00b7\uf0b7–—-]|\(?[0-9]{1,2}[.)])(?:[ \u00a0]+)(?=\S)")
_NAMED_ADDRESS = re.compile(r"[^<>]{0,200}<([^<>\s]+@[^<>\s]+)>")
_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?::[0-9]{1,5})?(?:[/?#]\S*)?", re.I
)
_ABOUT = re.compile(
    r"(?:about|around|approx(?:imately|\.)?|roughly|circa|ca\.|some|nearly|unos|unas|cerca de"
    r"|alrededor de|más o menos|mas o menos|aproximadamente|aprox\.?|~|≈|±)\s*",
    re.I,
)
_WHOLE = r"(?:0|[1-9][0-9]{0,8}|[1-9][0-9]{0,2}(?:[,\u00a0\u202f][0-9]{3}){1,2})"
_NUMBER = re.compile(f"(?:-(?!0))?{_WHOLE}")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,8})\.[0-9]{1,6}")
_RANGE = re.compile(
    rf"(?:from\s+|between\s+|de\s+|entre\s+)?({_WHOLE})\s*(?:-|to|and|a|y|hasta)\s*({_WHOLE})", re.I
)
_PHONE_LABEL = re.compile(r"^(?:tel|phone|cell|mobile|teléfono|tel\.)\s?:\s?", re.I)
_EXTENSION = re.compile(r" ?(?:;ext=|,? ?\bextensi[oó]n\b:?|#) ?", re.I)  # after spaces are folded
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
_TITLES = (
    *("dr", "dra", "drª", "prof", "profa", "profª", "rev"),
    *("mr", "mrs", "ms", "mx", "miss", "sr", "sra", "srª", "srta"),
)
_NAMED_MONTH = re.compile(r"([^\W\d]+)\.?,?\s+(?:de\s+|of\s+)?(20[0-9]{2})", re.I)
_NAMED_DAY = re.compile(
    r"([^\W\d]+)\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+(20[0-9]{2})", re.I
)  # March 1, 2027
_DAY_NAMED = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|º)?\s+(?:de\s+|of\s+)?([^\W\d]+)\.?,?\s+(?:de\s+|of\s+)?(20[0-9]{2})",
    re.I,
)  # 1 March 2027, 1 de marzo de 2027
_NUMBERED_MONTH = re.compile(r"([0-9]{1,2})\s?[/.-]\s?(20[0-9]{2})")  # 3/2027
_YEAR_FIRST = re.compile(r"(20[0-9]{2})\s?[/.-]\s?([0-9]{1,2})(?:\s?[/.-]\s?([0-9]{1,2}))?")


Read = TypeVar("Read")
MOST_MARKS = 30  # in a row on one letter, as in the stream-safe format of Unicode


def _up_to(most: int) -> Callable[[Callable[[str], Read]], Callable[[str], Read | str]]:
    """Read only text of at most so many characters; a longer one stays as it was typed."""

    def bounded(read: Callable[[str], Read]) -> Callable[[str], Read | str]:
        @functools.wraps(read)
        def read_or_leave(typed: str) -> Read | str:
            return read(typed) if len(typed) <= most else typed

        return read_or_leave

    return bounded


def composed(typed: str, form: Literal["NFC", "NFKC", "NFKD"] = "NFC") -> str:
    """The text in a normal form of Unicode; as it was typed if more marks than any language has
    are piled on one letter, because sorting them takes the square of their number.
    """
    marks = 0
    for char in "" if typed.isascii() else typed:
        marks = marks + 1 if unicodedata.combining(unicodedata.normalize(form, char)[0]) else 0
        if marks > MOST_MARKS:
            return typed
    return unicodedata.normalize(form, typed)


def text(typed: str) -> str:
    """Every line end and soft break of another program as a line feed, a tab as a space."""
    return _LINE_ENDS.sub("\n", typed).replace("\t", " ")


def line(typed: str) -> str:
    """One line: a break inside it, which only a paste can bring, becomes a space."""
    return text(typed).strip("\n").replace("\n", " ")


def item(typed: str) -> str:
    """An item of a list without the bullet or number that came with a paste."""
    plain = line(typed).strip()
    bullet = _BULLET.match(plain)
    return plain[bullet.end() :] if bullet else plain


@_up_to(1000)
def email(typed: str) -> str:
    """An address out of a contact card or a mail program: `Pat Lee <pat@example.org>,`."""
    plain = _INVISIBLE.sub("", line(typed)).strip()
    named = _NAMED_ADDRESS.fullmatch(plain.rstrip(" ,;"))
    plain = named[1] if named else plain
    plain = re.sub(r"^mailto:", "", plain, flags=re.I).strip("<> ")
    return plain.rstrip(".,;") if "@" in plain else plain


@_up_to(200)
def phone(typed: str) -> str:
    """A number as phones and contact cards write it, in plain characters."""
    plain = _DASHES.sub("-", composed(_INVISIBLE.sub("", line(typed)), "NFKC"))
    plain = _PHONE_LABEL.sub("", re.sub(r"\s+", " ", plain).strip(), count=1)
    plain = _EXTENSION.sub(" ext. ", plain)
    return re.sub(r"\s+", " ", plain.replace("/", "-")).strip()


@_up_to(2100)
def link(typed: str) -> str:
    """A web address; one without `https://` that can only be a host gets it."""
    plain = _INVISIBLE.sub("", line(typed)).strip().strip("<>").rstrip(".,;")
    return f"https://{plain}" if _HOST.fullmatch(plain) else plain


@_up_to(200)
def month(typed: str) -> str:
    """A month or day as `2027-03` or `2027-03-01`, from names, numbers, English or Spanish.

    `3/27` and `3/4/2027` may mean two things, so they stay as they are.
    """
    plain = re.sub(r"\s+", " ", _DASHES.sub("-", _INVISIBLE.sub("", line(typed)))).strip(" .,")
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
    return plain


@_up_to(200)
def number(typed: str) -> int | str:
    """A whole number, also with commas between thousands and a word such as "about"."""
    plain = _plain_number(typed)
    return _whole(plain) if _NUMBER.fullmatch(plain) else typed


@_up_to(200)
def decimal(typed: str) -> float | int | str:
    """As `number`, also with a decimal point."""
    plain = _plain_number(typed)
    return float(plain) if _DECIMAL.fullmatch(plain) else number(typed)


@_up_to(200)
def number_range(typed: str) -> int | dict[str, int] | str:
    """A number, or both ends of a range: 10–15, 10 to 15, de 10 a 15, about 12."""
    if match := _RANGE.fullmatch(_plain_number(typed)):
        return {"from": _whole(match[1]), "to": _whole(match[2])}
    return number(typed)


def name_words(name: str) -> list[str]:
    """The words of a name, without titles before it, as in "Dr. Amina Yusuf"."""
    words = name.split()
    title = itertools.takewhile(lambda word: word.replace(".", "").casefold() in _TITLES, words)
    return words[len(list(title)) :] or words[-1:]


def search_key(typed: str) -> str:
    """Text as a search compares it: no case, no accents, no characters that show nothing, and one
    apostrophe and hyphen for all.
    """
    if typed.isascii():
        return typed.lower()
    plain = _DASHES.sub("-", _APOSTROPHES.sub("'", _INVISIBLE.sub("", typed)))
    bare = composed(plain.casefold(), "NFKD")
    return "".join(char for char in bare if not unicodedata.combining(char)).casefold()


def _plain_number(typed: str) -> str:
    """Without "about", a dollar sign, and what cannot be seen; every dash is a hyphen."""
    plain = _DASHES.sub("-", _INVISIBLE.sub("", line(typed))).strip()
    return _ABOUT.sub("", plain, count=1).strip().removeprefix("$").strip()


def _whole(digits: str) -> int:
    return int(re.sub(r"[^0-9-]", "", digits))


def _date(year: str, month: str, day: str | None) -> str | None:
    """The date in digits; None where the month has no such name or number."""
    number = int(month) if month.isdecimal() else _MONTHS.get(month.casefold())
    if number is None or not 1 <= number <= 12:
        return None
    return f"{year}-{number:02d}" + (f"-{int(day):02d}" if day else "")
