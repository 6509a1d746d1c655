"""The profile in its other languages: a translation is found by the text in the first language.

A changed text therefore has no translation and is reported, instead of keeping an outdated one.
`[translations.es]` of a profile holds all texts except mails, letters and the wording of promises,
which hold every language themselves. Names of people, offices and units stay untranslated unless
they are listed too.
"""

from collections.abc import Callable, Iterator
from typing import Any

Spec = dict[str, Any]

_FORM = frozenset(
    f"{branch}{key}"
    for branch in ("", "partner_", "other_")
    for key in ("label", "hint", "missing", "title")
)
_VISIBLE: dict[str, frozenset[str]] = {  # keys with visible texts, by table
    "sections": _FORM,
    "questions": _FORM,
    "terms": _FORM,
    "goals": _FORM,
    "sectors": _FORM,
    "reasons": frozenset({"wording", "change"}),
    "public_labels": frozenset({"label", "meaning", "needed", "next"}),
}
_NAMES: dict[str, frozenset[str]] = {  # optional: names, and texts for the office
    "offices": frozenset({"label", "place", "hours", "contact_title"}),
    "units": frozenset({"label"}),
    "reasons": frozenset({"label"}),
    "states": _FORM,
    "flags": _FORM,
}
_WHOLE = ("wording", "texts")  # every string in these except names of branches


def translated(body: Spec, language: str) -> Spec:
    """The body in this language; texts without a translation stay as they are."""
    known = body.get("translations", {}).get(language, {})

    def translate(text: str) -> str:
        return str(known.get(text, text))

    changed = {name: _translate_each(body[name], keys, translate) for name, keys in _tables(body)}
    return body | changed


def texts(body: Spec) -> Iterator[tuple[str, str]]:
    """Each text that needs a translation, with the name of its table."""
    collected: list[str] = []

    def note(text: str) -> str:
        collected.append(text)
        return text

    tables: list[tuple[str, frozenset[str] | None]] = [
        *_VISIBLE.items(),
        *((w, None) for w in _WHOLE),
    ]
    for name, keys in tables:
        _translate_each(body.get(name, {}), keys, note)
        yield from ((name, text) for text in collected)
        collected.clear()


def _tables(body: Spec) -> Iterator[tuple[str, frozenset[str] | None]]:
    for name in _VISIBLE.keys() | _NAMES.keys():
        if name in body:
            yield name, _VISIBLE.get(name, frozenset()) | _NAMES.get(name, frozenset())
    for name in _WHOLE:
        if name in body:
            yield name, None


def _translate_each(
    value: Any,
    keys: frozenset[str] | None,
    translate: Callable[[str], str],
    translatable: bool = False,
) -> Any:
    """A copy with every text under one of these keys (None: any key) passed through `translate`."""
    if isinstance(value, str):
        return translate(value) if translatable else value
    if isinstance(value, list):
        return [_translate_each(item, keys, translate, translatable) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: inner
        if key == "branches"
        else _translate_each(inner, keys, translate, keys is None or key in keys)
        for key, inner in value.items()
    }
