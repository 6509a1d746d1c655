"""A profile that says `extends = "example"` is that one, but for what it says itself.

Tables are put together key by key, however deep. A question goes into the one of the same key, or
comes after it as a new one; every other list (offices, sections, the choices of a question) takes
the place of the one before. Questions named by `without` are left out. Only a whole profile, in
the folder beside, can be extended: whoever reads one has at most two places to look.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from shared.profile.broken import BrokenProfile, Fault

Spec = dict[str, Any]
Origins = dict[tuple[str | int, ...], str]


class Written(NamedTuple):
    """What the files of a folder say, and which file says it: (key,) and (key, index) to name."""

    body: Spec
    origins: Origins


def base_of(own: Written, folder: Path) -> Path | None:
    """The folder that this one extends, taking the word out of the body; BrokenProfile if wrong."""
    name = own.body.pop("extends", None)
    if name is None:
        return None
    base = folder.parent / str(name)
    if not isinstance(name, str) or base.parent != folder.parent or base.name in ("", folder.name):
        raise _broken(own, "extends", "names a folder beside this one")
    return base


def together(base: Written, own: Written) -> Written:
    """Both as one; BrokenProfile where they do not fit."""
    if "extends" in base.body:
        raise _broken(own, "extends", "names a profile that itself extends another")
    without = own.body.pop("without", [])
    result = Written({}, {})
    for key in base.body | own.body:
        before, now = base.body.get(key), own.body.get(key)
        if key == "questions" and isinstance(before or [], list) and isinstance(now or [], list):
            continue  # one by one, below
        source = base if now is None else own
        places = {place: file for place, file in source.origins.items() if place[0] == key}
        result.origins.update(places)
        result.body[key] = _merged(before, now)
    asked = base.body.get("questions", [])
    known = {_key(question) for question in asked} if isinstance(asked, list) else set()
    for key in without if isinstance(without, list) else [without]:
        if key not in known:
            raise _broken(own, "without", f"there is no question “{key}”")
    if "questions" not in result.body:
        _put_questions(result, _questions(base, own, without))
    return result


def _put_questions(into: Written, questions: Iterator[tuple[Any, str]]) -> None:
    found = into.body.setdefault("questions", [])
    for question, file in questions:
        into.origins[("questions", len(found))] = into.origins[("questions",)] = file
        found.append(question)


def _questions(base: Written, own: Written, without: list[str]) -> Iterator[tuple[Any, str]]:
    """Those of both, in the order of the base, each with the file that had the last word."""
    changes = {
        _key(question) or f"#{index}": (question, own.origins[("questions", index)])
        for index, question in enumerate(own.body.get("questions", []))
    }
    for index, question in enumerate(base.body.get("questions", [])):
        key = _key(question)
        now, file = changes.pop(key or "", (None, base.origins[("questions", index)]))
        if key is None or key not in without:
            yield _merged(question, now), file
    yield from changes.values()


def _key(question: Any) -> str | None:
    key = question.get("key") if isinstance(question, dict) else None
    return key if isinstance(key, str) else None


def _merged(before: Any, now: Any) -> Any:
    if now is None:
        return before
    if not (isinstance(before, dict) and isinstance(now, dict)):
        return now
    return before | {key: _merged(before.get(key), value) for key, value in now.items()}


def _broken(own: Written, key: str, reason: str) -> BrokenProfile:
    return BrokenProfile([Fault(own.origins.get((key,), "form.toml"), key, reason)])
