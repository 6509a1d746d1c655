"""The profile in its other languages: each text is found by what it says in the first one.

So whoever changes a text is told that its translation is missing, instead of the old one standing
beside the new. `[translations.es]` of a profile holds them all; mails, letters and the wording of
promises stand in each language by themselves. Names of people, offices and units stay as they are
unless they are given too.
"""

from collections.abc import Callable, Iterator
from typing import Any

Spec = dict[str, Any]

_FORM = frozenset(
    {"label", "hint", "missing", "title"}
    | {"partner_label", "partner_hint", "partner_missing", "partner_title"}
)
_READ: dict[str, frozenset[str]] = {  # what people read of these, by key
    "sections": _FORM,
    "questions": _FORM,
    "terms": _FORM,
    "goals": _FORM,
    "sectors": _FORM,
    "reasons": frozenset({"wording", "change"}),
    "public_labels": frozenset({"label", "meaning", "needed", "next"}),
}
_NAMES: dict[str, frozenset[str]] = {  # proper names, and what only the office reads
    "offices": frozenset({"label", "place", "hours", "contact_title"}),
    "units": frozenset({"label"}),
    "reasons": frozenset({"label"}),
    "states": _FORM,
    "flags": _FORM,
}
_WHOLE = ("wording", "texts")  # every string of these, save the names of branches


def translated(body: Spec, language: str) -> Spec:
    """The body as it reads in this language; texts without a translation stay as they are."""
    known = body.get("translations", {}).get(language, {})

    def say(text: str) -> str:
        return str(known.get(text, text))

    changed = {name: _each(body[name], keys, say) for name, keys in _every(body)}
    return body | changed


def texts(body: Spec) -> Iterator[tuple[str, str]]:
    """Each text that needs a translation, with the name of the table that it stands in."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    wanted: list[tuple[str, frozenset[str] | None]] = [*_READ.items(), *((w, None) for w in _WHOLE)]
    for name, keys in wanted:
        _each(body.get(name, {}), keys, note)
        yield from ((name, text) for text in found)
        found.clear()


def _every(body: Spec) -> Iterator[tuple[str, frozenset[str] | None]]:
    for name in _READ.keys() | _NAMES.keys():
        if name in body:
            yield name, _READ.get(name, frozenset()) | _NAMES.get(name, frozenset())
    for name in _WHOLE:
        if name in body:
            yield name, None


def _each(
    value: Any, keys: frozenset[str] | None, say: Callable[[str], str], here: bool = False
) -> Any:
    """A copy in which every text under one of these keys (None: under any) is said anew."""
    if isinstance(value, str):
        return say(value) if here else value
    if isinstance(value, list):
        return [_each(one, keys, say, here) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: inner if key == "branches" else _each(inner, keys, say, keys is None or key in keys)
        for key, inner in value.items()
    }
