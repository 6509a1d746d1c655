"""Estimates how long it takes to send an idea: the core of each sample, computed the same way.

Words shown ÷ 200 + words composed ÷ 20 + 4 seconds a choice, in minutes. `minutes` is the form
itself: the text of the core pages and beside "send", with every question that these answers
open, and text common to all pages once. `visit` adds the start page, the page that offers more,
and the check page with all core answers read once more. A page load is each of these pages and the
receipt. `python -m tests.effort` prints the table.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from shared.profile import Profile, branch_of
from shared.profile.answers import validation
from shared.profile.conditions import holds, is_not_sure
from shared.profile.labels import hint, label, sheets, title
from tests.factories import sample, samples
from tests.readability import strings

READ, COMPOSED, CHOICE = 200, 20, 4 / 60
MOST_MINUTES = {"partner": 12, "faculty": 20, "staff": 20}
MOST_LOADS = 10

Spec = dict[str, Any]


class Effort(NamedTuple):
    """Of one sample, in words, choices and page loads; minutes follow from them."""

    sample: str
    branch: str
    shown: int
    beside: int  # words on the pages around the form
    composed: int
    choices: int
    loads: int

    @property
    def minutes(self) -> float:
        return self.shown / READ + self.composed / COMPOSED + self.choices * CHOICE

    @property
    def visit(self) -> float:
        return self.minutes + self.beside / READ


def of(profile: Profile, name: str) -> Effort:
    """The effort of the sample of this name, in the language that it was written in."""
    body = sample(name)
    spoken = profile.in_language(body["language"])
    clean = validation.load(spoken, body["answers"])
    branch = branch_of(spoken, clean) or ""
    pages = [
        (section, [spec for spec in specs if holds(spec.get("when"), clean, {})])
        for section, specs in spoken.pages(branch)
        if section["kind"] != "topic"
    ]
    given = {spec["key"]: (spec, clean.get(spec["key"])) for _, specs in pages for spec in specs}
    written = [part for spec, value in given.values() for part in _written(spec, value)]
    return Effort(
        sample=name,
        branch=branch,
        shown=_count(_visible_texts(spoken, pages, branch)),
        beside=_count(_beside(spoken, clean, given)),
        composed=_count(part for part in written if part is not None),
        choices=sum(part is None for part in written),
        loads=sum(bool(specs) for _, specs in pages) + len(("start", "choice", "receipt")),
    )


def table(profile: Profile) -> str:
    """All samples, one line each."""
    head = "sample", "branch", "shown", "composed", "choices", "loads", "minutes", "visit"
    rows = [
        (*one[:3], *one[4:], f"{one.minutes:.1f}", f"{one.visit:.1f}")
        for one in (of(profile, name) for name in samples())
    ]
    return "\n".join(
        f"{row[0]:32}{row[1]:9}" + "".join(f"{cell:>9}" for cell in row[2:])
        for row in (head, *rows)
    )


def _count(texts: Iterator[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _visible_texts(
    profile: Profile, pages: list[tuple[Spec, list[Spec]]], branch: str
) -> Iterator[str]:
    said = profile.page("form", profile.language)
    yield from (said["before"], said["saved"], said["not_sure_hint"])
    yield from (profile.wording["not_sure"], profile.wording["beside_send"])
    for section, specs in pages:
        yield title(section, branch)
        for spec in [each for one in specs for each in (one, *one.get("parts", []))]:
            if profile.need(spec, branch) == "absent":
                continue
            yield label(spec, branch)
            yield hint(spec, branch)
            for choice in profile.choices(spec, branch):
                yield from (choice["label"], choice.get("hint", ""))


def _beside(profile: Profile, clean: Spec, given: dict[str, Any]) -> Iterator[str]:
    """The pages around the form; people read their answers again on the last one."""
    for page in ("start", "choice", "check"):
        yield from strings(profile.page(page, profile.language))
    for sheet in sheets(profile, clean):
        for row in sheet["rows"]:
            if row["key"] in given:
                yield from (row["label"], *row["shown"])


def _written(spec: Spec, value: Any) -> Iterator[str | None]:
    """The typed texts of this answer, with None for each choice."""
    if value is None:
        return
    kind = spec["type"]
    if is_not_sure(value) or kind in ("single", "consent"):
        yield None
    elif kind == "multi":
        yield from (None for _ in value)
    elif kind in ("composite", "people", "organizations"):
        parts = {part["name"]: part for part in spec["parts"]}
        for one in value if isinstance(value, list) else [value]:
            for name, inner in one.items():
                yield from _written(parts[name], inner)
    elif isinstance(value, list):
        yield from value
    else:
        yield " ".join(map(str, value.values())) if isinstance(value, dict) else str(value)


if __name__ == "__main__":
    from tests.shared.forms import EXAMPLE

    print(table(EXAMPLE))
