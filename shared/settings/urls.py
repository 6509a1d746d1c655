"""Read addresses with passwords in one place, so that no sentence repeats a part of a password."""

from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError


class Unreadable(ValueError):
    """The address has no clear parts. The message follows the name of its setting."""

    def __init__(self) -> None:
        super().__init__("cannot be read: percent-encode # / @ : in user names and passwords.")


def parts_of(url: str) -> SplitResult:
    """The parts of an address. Raises Unreadable, which has nothing of the parser's text."""
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        raise Unreadable from None
    if parts.fragment or "@" in parts.path + parts.query:
        raise Unreadable  # what was meant as a password has ended too early
    return parts


def database_url(url: str) -> URL:
    """The parts of the address of a database; raises Unreadable like `parts_of`."""
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        raise Unreadable from None
    if "@" in (parts.host or ""):
        raise Unreadable
    return parts
