"""Checks that questions fit the branches, sections, lists, roles and other questions."""

from collections.abc import Iterable, Iterator
from typing import Any

from shared.profile.profile import Profile
from shared.profile.roles import NEEDED, ROLES, TYPE_OF

Spec = dict[str, Any]
Fault = tuple[tuple[str | int, ...], str, str]

LISTS = ("offices", "units", "terms", "goals", "sectors")

_TEXT = {"max_chars", "note_at"}
_NUMBER = {"min", "max"}
_ITEMS = {"min_items", "max_items"}
_LIMITS: dict[str, set[str]] = {
    **dict.fromkeys(("text", "long_text", "email", "phone", "url"), _TEXT),
    **dict.fromkeys(("integer_range", "money", "number"), _NUMBER),
    "list_of_text": _ITEMS | {"max_chars"},
    **dict.fromkeys(("multi", "people", "organizations"), _ITEMS),
    "files": {"max_items", "max_megabytes", "extensions"},
}


def repeated(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Index and name of each entry that repeats an earlier one."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield index, name
        seen.add(name)


def check_branches(body: Spec) -> Iterator[Fault]:
    """The branch question offers exactly the branches, and no page has too many questions."""
    profile = Profile.of(body)
    key = body["branch_question"]
    question = profile.by_key.get(key)
    if question is None:
        yield ("branch_question",), "branch_question", f"there is no question “{key}”"
    elif [choice["value"] for choice in question.get("choices", [])] != body["branches"]:
        yield _place(body, question), f"questions.{key}.choices", "must be the branches, in order"
    most = body["pages"]["max_questions"]
    for branch in body["branches"]:
        for section, questions in profile.pages(branch):
            if section["kind"] != "send" and len(questions) > most:
                reason = f"branch {branch} reads {len(questions)} questions; {most} are the most"
                yield ("sections",), f"sections.{section['id']}", reason


def check_questions(body: Spec) -> Iterator[Fault]:
    for index, key in repeated(question["key"] for question in body["questions"]):
        yield ("questions", index), f"questions.{key}", "there is such a question already"
    known: dict[str, Spec] = {}
    for index, question in enumerate(body["questions"]):
        name = f"questions.{question['key']}"
        for key, reason in _question(body, question, known):
            yield ("questions", index), f"{name}.{key}", reason
        known[question["key"]] = question


def check_roles(body: Spec) -> Iterator[Fault]:
    """Roles that are unknown, repeated in a branch or missing."""
    for role in body["roles"].keys() - ROLES:
        yield ("roles",), f"roles.{role}", "code knows no such role"
    profile = Profile.of(body)
    for branch in body["branches"]:
        played: dict[str, str] = {}
        for question in profile.questions:
            role = question.get("role")
            if role is None or not profile.has_answer(question, branch):
                continue
            if role in played:
                reason = f"“{played[role]}” plays {role} in branch {branch} already"
                yield _place(body, question), f"questions.{question['key']}.role", reason
            played[role] = question["key"]
        for role in NEEDED:
            key = played.get(role)
            if key is None or profile.need(profile.question(key), branch) != "required":
                yield ("roles",), f"roles.{role}", f"branch {branch} must answer such a question"


def _place(body: Spec, question: Spec) -> tuple[str | int, ...]:
    return ("questions", body["questions"].index(question))


def _question(body: Spec, question: Spec, known: dict[str, Spec]) -> Iterator[tuple[str, str]]:
    branches = set(body["branches"])
    kinds = {section["id"]: section["kind"] for section in body["sections"]}
    if question["section"] not in kinds:
        yield "section", f"there is no section “{question['section']}”"
    if "topic" in question and kinds.get(question["topic"]) != "topic":
        yield "topic", f"there is no topic “{question['topic']}”"
    if question["requirement"].keys() != branches:
        yield "requirement", f"names exactly the branches {', '.join(body['branches'])}"
    role = question.get("role")
    if role is not None and role not in ROLES:
        yield "role", f"code knows no role “{role}”"
    elif role in TYPE_OF and question["type"] != TYPE_OF[role]:
        yield "type", f"role {role} needs type {TYPE_OF[role]}"
    yield from _spec(body, question, known)
    yield from _assumed(body, question)
    yield from _parts(body, question)


def _spec(body: Spec, spec: Spec, known: dict[str, Spec]) -> Iterator[tuple[str, str]]:
    """Checks for questions and parts; `known` are the earlier ones."""
    yield from _choices(body, spec)
    yield from _limits(spec)
    if "when" in spec:
        yield from (("when", reason) for reason in _when(body, spec["when"], known))
    for branch in set(spec.get("branches", [])) - set(body["branches"]):
        yield "branches", f"there is no branch “{branch}”"


def _choices(body: Spec, spec: Spec) -> Iterator[tuple[str, str]]:
    own, listed = spec.get("choices", []), spec.get("choices_from")
    if spec["type"] not in ("single", "multi"):
        if own or listed:
            yield "choices", f"type {spec['type']} has no choices"
        return
    if listed is not None and listed not in LISTS:
        yield "choices_from", f"there is no list “{listed}”; there are {', '.join(LISTS)}"
        return
    offered = [*body.get(listed or "", []), *own]
    if not offered:
        yield "choices", "there is nothing to choose from"
    for _, value in repeated(choice["value"] for choice in offered):
        yield "choices", f"“{value}” is offered twice"
    for choice in own:
        for key, reason in _choice(body, spec, choice):
            yield f"choices.{choice['value']}.{key}", reason


def _choice(body: Spec, spec: Spec, choice: Spec) -> Iterator[tuple[str, str]]:
    if set(choice.get("branches", [])) - set(body["branches"]):
        yield "branches", "names a branch that there is not"
    if choice.get("exclusive") and spec["type"] != "multi":
        yield "exclusive", "has a meaning in type multi only"


def _limits(spec: Spec) -> Iterator[tuple[str, str]]:
    limits = spec.get("limits", {})
    fitting = _LIMITS.get(spec["type"], set())
    for name in limits.keys() - fitting:
        yield f"limits.{name}", f"type {spec['type']} has no such limit"
    if fitting == _NUMBER and not limits.keys() >= _NUMBER:
        yield "limits", f"type {spec['type']} needs min and max"
    for low, high in (("min", "max"), ("min_items", "max_items"), ("note_at", "max_chars")):
        if low in limits and high in limits and limits[low] > limits[high]:
            yield f"limits.{low}", f"is larger than {high}"
    for name in ("max_chars", "max_items"):
        if limits.get(name) == 0:
            yield f"limits.{name}", "leaves no room for an answer"


def _when(body: Spec, when: Spec, known: dict[str, Spec]) -> Iterator[str]:
    if len(when.keys() & {"in", "not_in", "given"}) != 1:
        yield "says one of in, not_in, given"
        return
    key, _, part = when["key"].partition(".")
    if key not in known:
        yield f"there is nothing “{key}” before it"
        return
    spec = known[key]
    if part:
        parts = {entry["name"]: entry for entry in spec.get("parts", [])}
        if part not in parts:
            yield f"“{key}” has no part “{part}”"
            return
        spec = parts[part]
    if "given" not in when:
        listed = [*body.get(spec.get("choices_from", ""), []), *spec.get("choices", [])]
        offered = {choice["value"] for choice in listed}
        for value in set(when.get("in") or when["not_in"]) - offered:
            yield f"“{when['key']}” does not offer “{value}”"


def _assumed(body: Spec, question: Spec) -> Iterator[tuple[str, str]]:
    """Presets and defaults must be valid answers."""
    for branch, value in question.get("preset", {}).items():
        if question["requirement"].get(branch) != "absent":
            yield f"preset.{branch}", "is only for a branch where the question is absent"
        offered = [choice["value"] for choice in Profile.of(body).choices(question, branch)]
        if value not in offered:
            yield f"preset.{branch}", f"“{value}” is not offered to this branch"
    if "default" in question and not (
        question["type"] == "consent" and isinstance(question["default"], bool)
    ):
        yield "default", "is true or false, on a consent"


def _parts(body: Spec, question: Spec) -> Iterator[tuple[str, str]]:
    parts = question.get("parts", [])
    made_of_parts = question["type"] in ("composite", "people", "organizations")
    if bool(parts) != made_of_parts:
        yield "parts", "a composite, people and organizations have parts, other types none"
    for _, name in repeated(part["name"] for part in parts):
        yield f"parts.{name}", "there is such a part already"
    known: dict[str, Spec] = {}
    for part in parts:
        for key, reason in _spec(body, part, known):
            yield f"parts.{part['name']}.{key}", reason
        known[part["name"]] = part
