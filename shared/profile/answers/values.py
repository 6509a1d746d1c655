"""Reads one value of each type without guessing: neither `"5"` nor `true` is a number.

Every function takes a value from JSON and returns it clean, or raises ValidationError.
"""

import re
from collections.abc import Callable, Collection
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from marshmallow import ValidationError

from shared import typed
from shared.profile.answers import characters
from shared.profile.answers.messages import refused

Spec = dict[str, Any]
LONGEST = 10_000  # characters, where the profile sets no limit

# The published JSON Schema uses the same patterns.
PHONE = r"(?:^|[^0-9])[0-9](?:[ ().-]{0,2}[0-9]){6,14}(?:[^0-9]|$)"  # somewhere in the text
DATE_OR_MONTH = r"20[0-9]{2}-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?"

_NO_URL = re.compile(r"[\s\\<>\"]")


def text(spec: Spec, value: Any) -> str:
    """One line, trimmed and composed."""
    return _text(spec, value, characters.line)


def long_text(spec: Spec, value: Any) -> str:
    """As `text`, with line feeds."""
    return _text(spec, value, characters.lines)


def email(spec: Spec, value: Any) -> str:
    """One address with its domain in lower case and punycode.

    The part before the @ must be ASCII, because not every mail server accepts more.
    """
    address = text(spec, value)
    clean = _mailbox(address) if len(address) <= 254 else None
    if clean is None or len(clean) > 254:
        raise refused("bad_email")
    return clean


def mailbox(text: str) -> str:
    """The mailbox that typed text means, in one spelling: `Pat <PAT@example.org>,` is that of
    pat@example.org. Somebody is found by it, and each limit on an address counts by it. "" for text
    that is no address.
    """
    try:
        return email({}, typed.email(text)).casefold()
    except ValidationError:
        return ""


def phone(spec: Spec, value: Any) -> str:
    """Text with at least one number that can be dialed; several, or words beside it, are fine."""
    number = text(spec, value)
    if not re.search(PHONE, number):
        raise refused("bad_phone")
    return number


def url(spec: Spec, value: Any) -> str:
    """A web address with a host name of at least two parts; no name or password in it."""
    address = text(spec, value)
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise refused("bad_url") from None
    sound = parts.scheme in ("http", "https") and "." in host.strip(".") and "@" not in parts.netloc
    if not sound or _NO_URL.search(address):
        raise refused("bad_url")
    return address


def date_or_month(spec: Spec, value: Any) -> str:
    """ "2027-03" or "2027-03-01", years 2000 to 2099."""
    day = text(spec, value)
    if not re.fullmatch(DATE_OR_MONTH, day):
        raise refused("bad_date")
    try:
        date.fromisoformat(day if len(day) > 7 else f"{day}-01")
    except ValueError:
        raise refused("bad_date") from None
    return day


def integer(spec: Spec, value: Any) -> int:
    """A whole number within the limits."""
    if type(value) is not int:
        raise refused("bad_number", wanted="a whole number, in digits")
    return int(_within(spec, value))


def integer_range(spec: Spec, value: Any) -> int | dict[str, int]:
    """A whole number, or two as {"from", "to"} with the smaller first."""
    if type(value) is int:
        return int(_within(spec, value))
    if not isinstance(value, dict):
        raise refused("bad_number", wanted="a whole number, or both ends of a range")
    if value.keys() != {"from", "to"}:
        raise refused("bad_number", wanted="a whole number, or both ends of a range")
    low, high = integer(spec, value["from"]), integer(spec, value["to"])
    if low > high:
        raise refused("bad_number", wanted="the smaller number first")
    return {"from": low, "to": high}


def number(spec: Spec, value: Any) -> int | float:
    """A multiple of one half. A whole number becomes an integer, so equal answers are equal."""
    if type(value) not in (int, float) or value * 2 % 1:
        raise refused("bad_number", wanted="a whole number or a half, such as 2 or 2.5")
    within = _within(spec, value)
    return int(within) if within % 1 == 0 else within


def choice(allowed: Collection[str], value: Any) -> str:
    """One of the offered values, exactly as written."""
    if not isinstance(value, str):
        raise refused("type", wanted="one choice")
    if value not in allowed:
        raise refused("choice")
    return value


def consent(spec: Spec, value: Any) -> bool:
    if not isinstance(value, bool):
        raise refused("type", wanted="true or false")
    return value


def count(spec: Spec, value: Any, most: int) -> list[Any]:
    """The list itself, if its length is within the limits."""
    if not isinstance(value, list):
        raise refused("type", wanted="a list")
    limits = spec.get("limits", {})
    least, most = limits.get("min_items", 1), limits.get("max_items", most)
    if len(value) > most:
        raise refused("too_many", limit=most, found=len(value))
    if len(value) < least:
        raise refused("too_few", limit=least, found=len(value))
    return value


def _text(spec: Spec, value: Any, canonical: Callable[[str], str]) -> str:
    if not isinstance(value, str):
        raise refused("type", wanted="text")
    try:
        clean = canonical(value)
    except characters.Unusable as unusable:
        raise refused("bad_text", reason=unusable.reason, place=unusable.place) from None
    if characters.blank(clean):
        raise refused("empty")
    limit = spec.get("limits", {}).get("max_chars", LONGEST)
    if len(clean) > limit:
        raise refused("too_long", limit=limit, found=len(clean))
    return clean


def _within(spec: Spec, value: int | float) -> int | float:
    low, high = spec["limits"]["min"], spec["limits"]["max"]
    if not low <= value <= high:
        raise refused("out_of_range", low=f"{low:,}", high=f"{high:,}")
    return value


def _mailbox(address: str) -> str | None:
    try:
        valid = validate_email(
            address, check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except (EmailNotValidError, UnicodeError):
        return None
    return valid.ascii_email


READERS: dict[str, Callable[[Spec, Any], Any]] = {
    "text": text,
    "long_text": long_text,
    "email": email,
    "phone": phone,
    "url": url,
    "date_or_month": date_or_month,
    "integer_range": integer_range,
    "money": integer,
    "number": number,
    "consent": consent,
}
