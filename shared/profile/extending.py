"""Merges a profile with the one it extends, such as `extends = "example"`.

Tables are merged key by key at every depth. A question is merged into the one with the same key or
added as a new one. Every other list (offices, sections, the choices of a question) replaces the one
of the base. Questions in `without` are left out. A base must be a whole profile in a folder beside
this one, so a reader has at most two places to look.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from shared.profile.broken import BrokenProfile, Fault

Spec = dict[str, Any]
Origins = dict[tuple[str | int, ...], str]


class Written(NamedTuple):
    """The content of a folder, and the file of each (key,) and (key, index)."""

    body: Spec
    origins: Origins


def base_of(own: Written, folder: Path) -> Path | None:
    """The folder that this one extends. Removes `extends` from the body; raises BrokenProfile."""
    name = own.body.pop("extends", None)
    if name is None:
        return None
    base = folder.parent / str(name)
    if not isinstance(name, str) or base.parent != folder.parent or base.name in ("", folder.name):
        raise _broken(own, "extends", "names a folder beside this one")
    return base


def merge(base: Written, own: Written) -> Written:
    """Base and own content merged; raises BrokenProfile if they do not fit."""
    if "extends" in base.body:
        raise _broken(own, "extends", "names a profile that itself extends another")
    without = own.body.pop("without", [])
    result = Written({}, {})
    for key in base.body | own.body:
        before, now = base.body.get(key), own.body.get(key)
        if key == "questions" and isinstance(before or [], list) and isinstance(now or [], list):
            continue  # merged by key, below
        source = base if now is None else own
        places = {place: file for place, file in source.origins.items() if place[0] == key}
        result.origins.update(places)
        result.body[key] = _merged(before, now)
    base_questions = base.body.get("questions", [])
    known = (
        {_key(question) for question in base_questions}
        if isinstance(base_questions, list)
        else set()
    )
    for key in without if isinstance(without, list) else [without]:
        if key not in known:
            raise _broken(own, "without", f"there is no question “{key}”")
    if "questions" not in result.body:
        _put_questions(result, _questions(base, own, without))
    return result


def _put_questions(into: Written, questions: Iterator[tuple[Any, str]]) -> None:
    merged = into.body.setdefault("questions", [])
    for question, file in questions:
        into.origins[("questions", len(merged))] = into.origins[("questions",)] = file
        merged.append(question)


def _questions(base: Written, own: Written, without: list[str]) -> Iterator[tuple[Any, str]]:
    """The questions of both in the order of the base, each with the file that defines it last."""
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
