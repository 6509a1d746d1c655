"""The form as JSON Schema 2020-12, for programs that use the API.

It is never stricter than `answers.load`: what the schema refuses, `load` refuses too. It leaves out
rules that JSON Schema can't express (control characters, valid addresses, existing dates) and
describes text after trimming and composing.
"""

from typing import Any

from shared.profile.answers import values
from shared.profile.answers.schema import MAX_ITEMS
from shared.profile.answers.value_schemas import several, value
from shared.profile.conditions import holds
from shared.profile.labels import hint, label
from shared.profile.profile import Profile

Spec = dict[str, Any]

NOT_SURE = {"$ref": "#/$defs/not_sure"}


def json_schema(profile: Profile) -> Spec:
    """The schema of the body {"form", "language", "answers"}, by branch and condition."""
    key = profile.body["branch_question"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"An idea for {profile.institution['name']}",
        "description": "Leave out what has no answer: no null, no empty text, list or object.",
        "type": "object",
        "required": ["form", "language", "answers"],
        "additionalProperties": False,
        "properties": {
            "form": {"const": profile.body["form"]},
            "language": {"enum": list(profile.languages)},
            "answers": {
                "type": "object",
                "required": [key],
                "properties": {key: {"enum": list(profile.branches)}},
            },
        },
        "allOf": [_only_if(key, branch) for branch in profile.branches],
        "$defs": {
            "not_sure": {
                "title": profile.wording["not_sure"],
                "type": "object",
                "required": ["not_sure"],
                "properties": {"not_sure": {"const": True}},
                "additionalProperties": False,
            },
            **{f"answers_{branch}": _answers(profile, branch) for branch in profile.branches},
        },
    }


def _only_if(key: str, branch: str) -> Spec:
    chosen = {"required": [key], "properties": {key: {"const": branch}}}
    return {
        "if": {"required": ["answers"], "properties": {"answers": chosen}},
        "then": {"properties": {"answers": {"$ref": f"#/$defs/answers_{branch}"}}},
    }


def _answers(profile: Profile, branch: str) -> Spec:
    questions = [spec for spec in profile.questions_for(branch) if spec["type"] != "files"]
    return _object(
        profile, {spec["key"]: spec for spec in questions}, branch, profile.assumed(branch)
    )


def _object(profile: Profile, specs: dict[str, Spec], branch: str, assumed: Spec) -> Spec:
    """An object of questions or parts: required and allowed keys, and their conditions."""
    must = [
        name
        for name, spec in specs.items()
        if profile.need(spec, branch) in ("required", "or_not_sure") and name not in assumed
    ]
    schema: Spec = {
        "type": "object",
        "minProperties": 1,
        "properties": {name: _described(profile, spec, branch) for name, spec in specs.items()},
        "additionalProperties": False,
    }
    always = [name for name in must if "when" not in specs[name]]
    if always:
        schema["required"] = always
    conditions = [
        _condition(name, spec["when"], must=name in must, assumed=assumed)
        for name, spec in specs.items()
        if "when" in spec
    ]
    if conditions:
        schema["allOf"] = conditions
    return schema


def _described(profile: Profile, spec: Spec, branch: str) -> Spec:
    """The value of a question or part with its wording, and "not sure" where it is allowed."""
    need = profile.need(spec, branch)
    typed = _typed(profile, spec, branch, must=need in ("required", "or_not_sure"))
    if need == "or_not_sure" or (need == "optional" and spec.get("not_sure")):
        typed = {"anyOf": [typed, NOT_SURE]}
    wording = {"title": label(spec, branch), "description": hint(spec, branch)}
    return {name: text for name, text in wording.items() if text} | typed


def _typed(profile: Profile, spec: Spec, branch: str, *, must: bool) -> Spec:
    if spec["type"] == "consent" and must:
        return {"const": True}
    if spec["type"] in ("composite", "people", "organizations"):
        parts = {part["name"]: part for part in spec["parts"]}
        parts_of_branch = {
            n: part for n, part in parts.items() if profile.need(part, branch) != "absent"
        }
        item = _object(profile, parts_of_branch, branch, {})
        return item if spec["type"] == "composite" else several(spec, item, MAX_ITEMS)
    if spec["type"] == "list_of_text":
        return several(spec, value({**spec, "type": "text"}), MAX_ITEMS)
    if spec["type"] in values.READERS:
        return value(spec)
    return _choice(profile, spec, branch)


def _choice(profile: Profile, spec: Spec, branch: str) -> Spec:
    offered = profile.choices(spec, branch)
    item = {"oneOf": [{"const": each["value"], "title": each["label"]} for each in offered]}
    if spec["type"] == "single":
        return item
    schema = several(spec, item, len(offered))
    exclusive = [each["value"] for each in offered if each.get("exclusive")]
    if exclusive:
        schema |= {"if": {"contains": {"enum": exclusive}}, "then": {"maxItems": 1}}
    return schema


def _condition(name: str, when: Spec, *, must: bool, assumed: Spec) -> Spec:
    """While the condition holds, the answer is required or allowed; otherwise it is refused."""
    key, _, part = when["key"].partition(".")
    matching = _matching(when)
    if part:
        matching = {"type": "object", "required": [part], "properties": {part: matching}}
    condition: Spec = {"required": [key], "properties": {key: matching}}
    if key in assumed and holds(when, {}, assumed):
        condition = {"anyOf": [{"not": {"required": [key]}}, condition]}
    return {
        "if": condition,
        "then": {"required": [name]} if must else True,
        "else": {"properties": {name: False}},
    }


def _matching(when: Spec) -> Spec:
    if "given" in when:
        return {"not": NOT_SURE}
    item = {"enum": when["in"]} if "in" in when else {"not": {"enum": when["not_in"]}}
    return {
        "anyOf": [
            {"type": ["string", "number", "boolean"], **item},
            {"type": "array", "contains": item},
        ]
    }
