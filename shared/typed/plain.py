"""Typed text without what comes with a paste, and read only up to a length."""

import functools
import re
import unicodedata
from collections.abc import Callable
from typing import Concatenate, Literal, ParamSpec, TypeVar

# Characters that show nothing and come with a paste: soft hyphen, zero width, byte order mark,
# direction marks and isolates. Joiners stay in texts, because emoji and some scripts need them.
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
INVISIBLE = re.compile(f"[{_UNSEEN}]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")

Read = TypeVar("Read")
More = ParamSpec("More")
MOST_MARKS = 30  # in a row on one letter, as in the stream-safe format of Unicode


def up_to(
    most: int,
) -> Callable[
    [Callable[Concatenate[str, More], Read]], Callable[Concatenate[str, More], Read | str]
]:
    """Read only text of at most so many characters; a longer one stays as it was typed."""

    def bounded(
        read: Callable[Concatenate[str, More], Read],
    ) -> Callable[Concatenate[str, More], Read | str]:
        @functools.wraps(read)
        def read_or_leave(typed: str, /, *args: More.args, **options: More.kwargs) -> Read | str:
            return read(typed, *args, **options) if len(typed) <= most else typed

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
