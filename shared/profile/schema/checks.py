"""Finds all faults of a profile at once: the shapes first, then how the parts fit."""

from collections.abc import Iterator
from typing import Any

from shared import strict_json
from shared.profile.schema.body import Body
from shared.profile.schema.question_checks import (
    LISTS,
    Fault,
    check_branches,
    check_questions,
    check_roles,
    repeated,
)
from shared.profile.schema.text_checks import check_languages, check_mails, check_texts

Spec = dict[str, Any]

MAX_BYTES = 900 * 1024  # the whole profile travels as one event
CONTRAST = 4.5  # WCAG 2.2 AA for text

_NAMES = ("key", "value", "name", "id", "date")


def faults(body: Spec) -> list[Fault]:
    """Each fault: place in the body (to find its file), readable key, reason."""
    shapes = list(_flat(Body().validate(body), body, ()))
    if shapes:
        return shapes
    too_large = list(_size(body))
    if too_large:
        return too_large
    content_faults = [*_lists(body), *_pages(body), *_color_contrast(body)]
    content_faults += [*check_languages(body), *check_mails(body), *check_texts(body)]
    return content_faults + [*check_branches(body), *check_questions(body), *check_roles(body)]


def contrast(first: str, second: str) -> float:
    """The WCAG contrast of two colors (#rrggbb): 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _flat(messages: Any, body: Any, path: tuple[str | int, ...]) -> Iterator[Fault]:
    if isinstance(messages, dict):
        for token, inner in messages.items():
            if token in ("key", "value", "_schema") and not _is_own_key(body, path, token):
                yield from _flat(inner, body, path)
            else:
                yield from _flat(inner, body, (*path, token))
        return
    for reason in messages:
        yield path, _readable(body, path), str(reason).rstrip(".")


def _is_own_key(body: Any, path: tuple[str | int, ...], word: str) -> bool:
    """Whether `word` is a key of the profile there, not marshmallow's name for half of a pair."""
    for step in path:
        try:
            body = body[step]
        except (KeyError, IndexError, TypeError):
            return False
    return isinstance(body, dict) and (word in body or word != "_schema")


def _readable(body: Any, path: tuple[str | int, ...]) -> str:
    """The path with names for numbers: questions.contact_email.limits."""
    words = []
    for step in path:
        try:
            body = body[step]
        except (KeyError, IndexError, TypeError):
            body = None
        named = body if isinstance(step, int) and isinstance(body, dict) else {}
        words.append(next((str(named[key]) for key in _NAMES if key in named), str(step)))
    return ".".join(words)


def _size(body: Spec) -> Iterator[Fault]:
    try:
        size = len(strict_json.canonical(body))
    except ValueError:
        yield ("form",), "(all)", "a number is infinite or not a number"
        return
    if size > MAX_BYTES:
        yield ("form",), "(all)", f"the profile has {size:,} bytes; {MAX_BYTES:,} are the most"


def _lists(body: Spec) -> Iterator[Fault]:
    for listed in LISTS:
        for index, value in repeated(entry["value"] for entry in body[listed]):
            yield (listed, index), f"{listed}.{value}", "this value is in the list already"
    for index, address in repeated(office["contact"]["email"] for office in body["offices"]):
        key = f"offices.{body['offices'][index]['value']}.contact.email"
        yield ("offices", index), key, f"another office has the address {address} already"
    for index, day in repeated(entry["date"] for entry in body["holidays"]):
        yield ("holidays", index), f"holidays.{day}", "this day is a holiday already"
    offices = {office["value"] for office in body["offices"]}
    for index, unit in enumerate(body["units"]):
        if unit["office"] not in offices:
            reason = f"there is no office “{unit['office']}”"
            yield ("units", index), f"units.{unit['value']}.office", reason


def _pages(body: Spec) -> Iterator[Fault]:
    for index, name in repeated(section["id"] for section in body["sections"]):
        yield ("sections", index), f"sections.{name}", "there is such a section already"
    if [section["kind"] for section in body["sections"]].count("send") != 1:
        yield ("sections",), "sections", "exactly one section has kind = “send”"
    for index, section in enumerate(body["sections"]):
        for branch in section["minutes"].keys() - set(body["branches"]):
            key = f"sections.{section['id']}.minutes.{branch}"
            yield ("sections", index), key, "there is no such branch"
    for branch in body["branches"]:
        stated = body["pages"]["core_minutes"].get(branch)
        total = sum(
            section["minutes"].get(branch, 0)
            for section in body["sections"]
            if section["kind"] != "topic"
        )
        if stated != total:
            reason = f"says {stated}, but the pages before sending add up to {total}"
            yield ("pages",), f"pages.core_minutes.{branch}", reason


def _color_contrast(body: Spec) -> Iterator[Fault]:
    brand = body["colors"]["brand"]
    for name, color in (("white", "#ffffff"), ("on_brand", body["colors"]["on_brand"])):
        reached = contrast(brand, color)
        if reached < CONTRAST:
            reason = f"its contrast with {name} is {reached:.2f}:1; {CONTRAST}:1 is the least"
            yield ("colors",), "colors.brand", reason
