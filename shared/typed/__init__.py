"""What typed text means: the one place that reads addresses, phones, links, months, numbers, lists.

Each function takes what a person typed or pasted. What can only mean one thing comes back in the
form that the rules accept; anything else comes back as it was typed, and the rules refuse it with
their own sentence. Nothing here raises.

A stranger can send long text that is made to be slow. So one-line answers are read only up to a
length far above any real one, and a longer text comes back as it was typed too.
"""

import itertools
import re
import unicodedata

from shared.typed.months import month
from shared.typed.numbers import count, count_range, decimal, number
from shared.typed.phones import first_phone, phone
from shared.typed.plain import DASHES, INVISIBLE, composed, line, text, up_to

__all__ = [
    "composed",
    "count",
    "count_range",
    "decimal",
    "email",
    "first_phone",
    "item",
    "line",
    "link",
    "month",
    "name_words",
    "number",
    "phone",
    "says_none",
    "search_key",
    "text",
]

_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u02bb\u2032\u00b4\uff07]")
_BULLET = re.compile(r"(?:[•◦▪▫‣⁃·●○■□➢➤✓✔*\u00b7\uf0b7–—-]|\(?[0-9]{1,2}[.)])(?:[ \u00a0]+)(?=\S)")
_NAMED_ADDRESS = re.compile(r"[^<>]{0,200}<([^<>\s]+@[^<>\s]+)>")
_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?::[0-9]{1,5})?(?:[/?#]\S*)?", re.I
)
_NONE = re.compile(
    r"(?:none|n ?[/.]? ?a|no|nope|nothing|ningun[oa]|nada|no tengo|no hay|-+|–|—)[.!]?", re.I
)
_TITLES = (
    *("dr", "dra", "drª", "prof", "profa", "profª", "rev"),
    *("mr", "mrs", "ms", "mx", "miss", "sr", "sra", "srª", "srta"),
)


def item(typed: str) -> str:
    """An item of a list without the bullet or number that came with a paste."""
    plain = line(typed).strip()
    bullet = _BULLET.match(plain)
    return plain[bullet.end() :] if bullet else plain


@up_to(1000)
def email(typed: str) -> str:
    """An address out of a contact card or a mail program: `Pat Lee <pat@example.org>,`."""
    plain = INVISIBLE.sub("", line(typed)).strip()
    named = _NAMED_ADDRESS.fullmatch(plain.rstrip(" ,;"))
    plain = named[1] if named else plain
    plain = re.sub(r"^mailto:", "", plain, flags=re.I).strip("<> ")
    return plain.rstrip(".,;") if "@" in plain else plain


@up_to(2100)
def link(typed: str) -> str:
    """A web address; one without `https://` that can only be a host gets it."""
    plain = INVISIBLE.sub("", line(typed)).strip().strip("<>").rstrip(".,;")
    return f"https://{plain}" if _HOST.fullmatch(plain) else plain


def says_none(typed: str) -> bool:
    """Whether the text only says that there is nothing to enter: none, n/a, ninguno."""
    return _NONE.fullmatch(line(typed).strip()) is not None


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
    plain = DASHES.sub("-", _APOSTROPHES.sub("'", INVISIBLE.sub("", typed)))
    bare = composed(plain.casefold(), "NFKD")
    return "".join(char for char in bare if not unicodedata.combining(char)).casefold()
