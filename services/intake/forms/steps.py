"""Which pages the form has after these answers, which question stands where, how far one is."""

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


def steps(profile: Profile, branch: str, given: Spec) -> list[Step]:
    """Every page with a question in it, in order.

    A question that hangs on an answer of its own page stands there always, with its condition;
    one that hangs on another page comes only once that was answered so.
    """
    found = []
    for section, questions in profile.pages(branch):
        keys = {spec["key"] for spec in questions}
        shown = [
            spec
            for spec in questions
            if spec["type"] != "files"
            and (_beside(spec, keys) or holds(spec.get("when"), given, profile.assumed(branch)))
        ]
        if shown:
            minutes = section["minutes"].get(branch, 0)
            heading = title(section, branch)
            found.append(Step(section["id"], section["kind"], heading, minutes, shown))
    return found


def core(found: list[Step], profile: Profile) -> list[Step]:
    """The pages up to sending, without the one that asks for nothing but the branch."""
    return [
        step
        for step in found
        if step.kind == "core"
        and [spec["key"] for spec in step.questions] != [profile.body["branch_question"]]
    ]


def topics(found: list[Step]) -> list[Step]:
    """What may be added, in any order."""
    return [step for step in found if step.kind == "topic"]


def sending(found: list[Step]) -> list[Spec]:
    """What is asked on the page from which one sends."""
    return [spec for step in found if step.kind == "send" for spec in step.questions]


def named(found: list[Step], name: str) -> Step | None:
    """The page of this section."""
    return next((step for step in found if step.id == name), None)


def minutes_left(found: list[Step], done: Collection[str], profile: Profile) -> int:
    """About how long it takes until one can send."""
    ahead = [step for step in core(found, profile) if step.id not in done]
    return sum(step.minutes for step in [*ahead, *(s for s in found if s.kind == "send")])


def after(found: list[Step], name: str, profile: Profile) -> Step | None:
    """The core page that follows; None after the last one, and after a topic."""
    ahead = core(found, profile)
    ids = [step.id for step in ahead]
    if name not in ids:
        only_branch = named(found, name)
        return ahead[0] if ahead and only_branch and only_branch.kind == "core" else None
    place = ids.index(name) + 1
    return ahead[place] if place < len(ahead) else None


def before(found: list[Step], name: str, profile: Profile) -> Step | None:
    """The core page before this one."""
    ahead = core(found, profile)
    ids = [step.id for step in ahead]
    place = ids.index(name) if name in ids else 0
    return ahead[place - 1] if place else None


def hangs_on_neighbor(spec: Spec, step: Step) -> bool:
    """Whether the question hangs on an answer of its own page, so that its hint must say so."""
    return _beside(spec, {one["key"] for one in step.questions})


def _beside(spec: Spec, keys: Collection[str]) -> bool:
    return "when" in spec and spec["when"]["key"].partition(".")[0] in keys
