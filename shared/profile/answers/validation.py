"""Validates answers, for pages and API alike.

`load` takes answers from JSON and returns them clean: text trimmed and composed, presets and
defaults recorded, in form order. Errors come as marshmallow's ValidationError; `problems` makes a
flat list of them.
"""

from collections.abc import Collection, Iterator
from typing import Any

from marshmallow import ValidationError

from shared.profile import labels
from shared.profile.answers.messages import Message, refused, required
from shared.profile.answers.schema import schema_of
from shared.profile.conditions import is_not_sure
from shared.profile.profile import Profile
from shared.profile.roles import branch_of

MAX_PROBLEMS = 100  # limits the response to a body full of unknown keys

Problem = dict[str, str]


def load(profile: Profile, answers: Any) -> dict[str, Any]:
    """Clean answers; raises ValidationError with every problem."""
    if not isinstance(answers, dict):
        raise refused("type", wanted="an object of answers")
    branch = branch_of(profile, answers)
    if branch is None:
        raise _without_branch(profile, answers)
    loaded: dict[str, Any] = schema_of(profile, branch).load(answers)
    return loaded


def load_some(profile: Profile, answers: Any, keys: Collection[str]) -> dict[str, Any]:
    """Like `load` for one page: validates only these questions, with all answers as context.

    Returns the clean answers of these questions. An unknown key is a problem only if it is named.
    """
    try:
        clean = load(profile, answers)
    except ValidationError as error:
        if not isinstance(error.messages, dict):
            raise
        wrong = {key: messages for key, messages in error.messages.items() if key in keys}
        if wrong:
            raise ValidationError(wrong) from None
        clean = error.valid_data if isinstance(error.valid_data, dict) else {}
    return {key: value for key, value in clean.items() if key in keys}


def problems(error: ValidationError, language: str = "en") -> list[Problem]:
    """Each problem as pointer (RFC 6901, relative to the answers), code and message.

    In form order, with unknown keys last and sorted; at most a hundred. The wording of questions
    and choices inside a message is in the language of the profile (`profile.in_language`).
    """
    flat = list(_flat(error.messages, "", language))
    flat.sort(key=lambda problem: problem["pointer"] if problem["code"] == "unknown" else "")
    return flat[:MAX_PROBLEMS]


def messages_in(error: ValidationError, language: str) -> Any:
    """The messages in this language, in the structure of marshmallow: what pages show."""
    return _translated(error.messages, language)


def not_sure(profile: Profile, answers: dict[str, Any]) -> list[str]:
    """The keys answered "not sure", in form order: the agenda of the first conversation."""
    return [spec["key"] for spec in profile.questions if is_not_sure(answers.get(spec["key"]))]


def without_presets(profile: Profile, answers: dict[str, Any]) -> dict[str, Any]:
    """Clean answers without presets, so that they can be changed and loaded again."""
    branch = branch_of(profile, answers) or ""
    return {
        key: value
        for key, value in answers.items()
        if profile.need(profile.question(key), branch) != "absent"
    }


def _without_branch(profile: Profile, answers: dict[str, Any]) -> ValidationError:
    """The errors before a branch is chosen: the branch, and what every branch requires."""
    key = profile.body["branch_question"]
    missing = key not in answers or answers[key] in (None, "", [], {})
    errors: dict[str, Any] = {
        key: _required(profile.question(key)) if missing else refused("choice").messages,
    }
    for spec in profile.questions:
        needs = {profile.need(spec, branch) for branch in profile.branches}
        if needs == {"required"} and "when" not in spec and spec["key"] not in answers:
            errors.setdefault(spec["key"], _required(spec))
    for unknown in answers.keys() - profile.by_key.keys():
        errors[unknown] = refused("unknown").messages
    return ValidationError(errors)


def _required(spec: dict[str, Any]) -> list[str]:
    return [required(spec["type"], missing=labels.missing(spec, branch=""))]


def _translated(messages: Any, language: str) -> Any:
    if isinstance(messages, dict):
        return {key: _translated(inner, language) for key, inner in messages.items()}
    if isinstance(messages, list):
        return [_translated(each, language) for each in messages]
    return messages.on_page(language) if isinstance(messages, Message) else str(messages)


def _flat(messages: Any, pointer: str, language: str) -> Iterator[Problem]:
    if isinstance(messages, dict):
        for token, inner in messages.items():
            escaped = str(token).replace("~", "~0").replace("/", "~1")
            yield from _flat(inner, f"{pointer}/{escaped}", language)
        return
    for each in messages:
        is_message = isinstance(each, Message)
        code, message = (
            (each.code, each.in_language(language)) if is_message else ("type", str(each))
        )
        yield {"pointer": pointer, "code": code, "message": message}
