"""The pages of the form after these answers: their questions, their order, the time left."""

from collections.abc import Collection
from typing import Any, NamedTuple

from shared.profile import Profile
from shared.profile.conditions import holds
from shared.profile.labels import title

Spec = dict[str, Any]


class Step(NamedTuple):
    """One page of the form."""

    id: str
    kind: str  # core, topic, send
    title: str
    minutes: int
    questions: list[Spec]


def steps(profile: Profile, branch: str, answers: Spec) -> list[Step]:
    """Every page with a question, in order.

    A question that depends on an answer of its own page is always shown, with its condition. One
    that depends on another page is shown only after that answer.
    """
    pages = []
    for section, questions in profile.pages(branch):
        keys = {spec["key"] for spec in questions}
        applicable = [
            spec
            for spec in questions
            if spec["type"] != "files"
            and (_beside(spec, keys) or holds(spec.get("when"), answers, profile.assumed(branch)))
        ]
        if applicable:
            minutes = section["minutes"].get(branch, 0)
            heading = title(section, branch)
            pages.append(Step(section["id"], section["kind"], heading, minutes, applicable))
    return pages


def core(pages: list[Step], profile: Profile) -> list[Step]:
    """The pages up to sending, without the one that asks only for the branch."""
    return [
        step
        for step in pages
        if step.kind == "core"
        and [spec["key"] for spec in step.questions] != [profile.body["branch_question"]]
    ]


def topics(pages: list[Step]) -> list[Step]:
    """The pages that may be added, in any order."""
    return [step for step in pages if step.kind == "topic"]


def sending(pages: list[Step]) -> list[Spec]:
    """The questions of the last page."""
    return [spec for step in pages if step.kind == "send" for spec in step.questions]


def named(pages: list[Step], name: str) -> Step | None:
    """The page of this section."""
    return next((step for step in pages if step.id == name), None)


def minutes_left(pages: list[Step], done: Collection[str], profile: Profile) -> int:
    """About how many minutes it takes until the idea can be sent."""
    ahead = [step for step in core(pages, profile) if step.id not in done]
    return sum(step.minutes for step in [*ahead, *(s for s in pages if s.kind == "send")])


def after(pages: list[Step], name: str, profile: Profile) -> Step | None:
    """The core page that follows; None after the last one, and after a topic."""
    ahead = core(pages, profile)
    ids = [step.id for step in ahead]
    if name not in ids:
        only_branch = named(pages, name)
        return ahead[0] if ahead and only_branch and only_branch.kind == "core" else None
    place = ids.index(name) + 1
    return ahead[place] if place < len(ahead) else None


def before(pages: list[Step], name: str, profile: Profile) -> Step | None:
    """The core page before this one."""
    ahead = core(pages, profile)
    ids = [step.id for step in ahead]
    place = ids.index(name) if name in ids else 0
    return ahead[place - 1] if place else None


def hangs_on_neighbor(spec: Spec, step: Step) -> bool:
    """Whether the question hangs on an answer of its own page, so that its hint must say so."""
    return _beside(spec, {question["key"] for question in step.questions})


def _beside(spec: Spec, keys: Collection[str]) -> bool:
    return "when" in spec and spec["when"]["key"].partition(".")[0] in keys
