"""Several pages with the same questions: what each shows, what each changes, and who was faster.

A page of the form carries a mark of every answer that it shows. When it is saved, an answer that
somebody else has changed since is not overwritten: both are kept, and people choose. Two pages
are in conflict only where both have changed the same answer to different ones.
"""

import hashlib
import secrets
from collections.abc import Collection
from typing import Any, NamedTuple

from services.intake.models import Draft
from shared import strict_json

MARK = 8  # hex digits
MOST = 9  # answers to one question that wait for a choice
SAVED = "saved"  # the choice of the answer that the draft holds

Spec = dict[str, Any]
Answer = list[Any]  # what was typed, and whether "not sure" was chosen


class Answers(NamedTuple):
    """What a page holds: answers by key, and the keys of those that are "not sure"."""

    typed: Spec
    not_sure: Collection[str]

    def of(self, key: str) -> Answer:
        """The answer to this question."""
        return [self.typed.get(key), key in self.not_sure]


class PageView(NamedTuple):
    """One page as it was opened: its name, how often it was saved, and its marks by question.

    A page from before an upgrade has neither, and its answers count as the newest.
    """

    name: str = ""
    saves: int = 0
    marks: dict[str, str] = {}

    @classmethod
    def read(cls, view: str, seen: str) -> "PageView":
        """What the fields `view` and `seen` of a posted form say."""
        name, _, saves = view[:40].partition(".")
        number = int(saves) if saves.isascii() and saves.isdecimal() and len(saves) < 9 else 0
        pairs = (pair.partition(":") for pair in seen.split(",") if ":" in pair)
        return cls(name, number, {key: mark for key, _, mark in pairs})

    @property
    def writer(self) -> str:
        """How the draft remembers who has changed an answer."""
        return f"{self.name}.{self.saves}"


def new_view() -> str:
    """The `view` of a page that is being opened."""
    return f"{secrets.token_hex(4)}.0"


def seen(draft: Draft, questions: list[Spec]) -> str:
    """The `seen` of a page that shows these questions."""
    return ",".join(f"{spec['key']}:{_mark(_shown(draft, spec))}" for spec in questions)


def seen_after(draft: Draft, questions: list[Spec], *, typed: Answers, view: PageView) -> str:
    """The `seen` of a page that stays open after it was saved: of what it shows, not of what others
    have changed meanwhile.
    """
    marks = dict(view.marks)
    for spec in questions:
        mark = _mark(_shown(draft, spec))
        if mark == _mark(typed.of(spec["key"])):
            marks[spec["key"]] = mark
    return ",".join(f"{key}:{mark}" for key, mark in marks.items())


def mark_of_rest(draft: Draft, questions: list[Spec]) -> str:
    """A mark of all answers but those to these questions: what a page shows and does not ask."""
    keys = {spec["key"] for spec in questions}
    typed = sorted((key, value) for key, value in draft.typed.items() if key not in keys)
    return _hash([typed, sorted(set(draft.not_sure) - keys)])


def holds(draft: Draft, questions: list[Spec], *, typed: Answers) -> bool:
    """Whether the draft has the answers of the page to these questions."""
    keys = [spec["key"] for spec in questions]
    return all(
        _mark(typed.of(key)) == _mark([draft.typed.get(key), key in draft.not_sure]) for key in keys
    )


def merge(draft: Draft, questions: list[Spec], *, typed: Answers, view: PageView) -> None:
    """Write what a page has changed into the draft; what is in conflict is set aside."""
    for spec in questions:
        key = spec["key"]
        mine = typed.of(key)
        if mine == [draft.typed.get(key), key in draft.not_sure]:
            continue
        if _is_newest(draft, spec, view):
            _put(draft, key, mine, view)
        elif _mark(mine) not in (view.marks.get(key), _mark(_shown(draft, spec))):
            _set_aside(draft, key, mine, view)


def choose(draft: Draft, *, chosen: dict[str, str], view: PageView) -> None:
    """Settle these questions: by "saved", or by the number of the answer that was set aside."""
    for key, which in chosen.items():
        waiting = draft.unsettled.get(key, [])
        number = int(which) if which.isascii() and which.isdecimal() and len(which) < 3 else None
        if number is not None and number < len(waiting):
            _put(draft, key, waiting[number], view)
        if which == SAVED or number is not None:
            draft.unsettled = {name: rest for name, rest in draft.unsettled.items() if name != key}


def _is_newest(draft: Draft, spec: Spec, view: PageView) -> bool:
    """Whether nobody has changed this answer since the page was opened, but the page itself."""
    mark = view.marks.get(spec["key"])
    name, _, saves = draft.changed_by.get(spec["key"], ".0").partition(".")
    if name and name == view.name:
        return view.saves >= int(saves)
    return mark is None or mark == _mark(_shown(draft, spec))


def _put(draft: Draft, key: str, answer: Answer, view: PageView) -> None:
    value, unsure = answer
    others = {name: kept for name, kept in draft.typed.items() if name != key}
    draft.typed = others if value is None else others | {key: value}
    draft.not_sure = [name for name in draft.not_sure if name != key] + [key] * bool(unsure)
    draft.changed_by = draft.changed_by | {key: view.writer}
    draft.version += 1


def _set_aside(draft: Draft, key: str, answer: Answer, view: PageView) -> None:
    """Keep it beside the saved one, unless it is an earlier text of the same page."""
    waiting = draft.unsettled.get(key, [])
    is_earlier = draft.changed_by.get(key, ".").partition(".")[0] == view.name != ""
    if not is_earlier and answer not in waiting:
        draft.unsettled = draft.unsettled | {key: [*waiting[: MOST - 1], answer]}


def _shown(draft: Draft, spec: Spec) -> Answer:
    """The answer as a page shows it."""
    return [draft.typed.get(spec["key"], spec.get("default")), spec["key"] in draft.not_sure]


def _mark(answer: Answer) -> str:
    """A short hash; an empty answer, an unchecked box and no answer are the same."""
    value, unsure = answer
    return _hash([value or None, bool(unsure)])


def _hash(marked: Any) -> str:
    return hashlib.sha256(strict_json.dumps(marked)).hexdigest()[:MARK]
