"""The one home of validation: what may be answered, for pages and API alike.

`load` takes the answers as JSON gave them and returns them clean: text trimmed and composed,
presets and defaults recorded, in form order. What is wrong comes as marshmallow's ValidationError;
`problems` makes a flat list of it.
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

MAX_PROBLEMS = 100  # a body of nothing but unknown keys must not become a longer answer

Problem = dict[str, str]


def load(profile: Profile, answers: Any) -> dict[str, Any]:
    """Clean answers, or ValidationError with every problem found."""
    if not isinstance(answers, dict):
        raise refused("type", wanted="an object of answers")
    branch = branch_of(profile, answers)
    if branch is None:
        raise _without_branch(profile, answers)
    loaded: dict[str, Any] = schema_of(profile, branch).load(answers)
    return loaded


def load_some(profile: Profile, answers: Any, keys: Collection[str]) -> dict[str, Any]:
    """As `load`, for one page: only these questions are judged, in the light of all the answers.

    Returns their clean answers, those that have one. An unknown key is a problem only if named.
    """
    try:
        clean = load(profile, answers)
    except ValidationError as error:
        if not isinstance(error.messages, dict):
            raise
        wrong = {key: said for key, said in error.messages.items() if key in keys}
        if wrong:
            raise ValidationError(wrong) from None
        clean = error.valid_data if isinstance(error.valid_data, dict) else {}
    return {key: value for key, value in clean.items() if key in keys}


def problems(error: ValidationError, language: str = "en") -> list[Problem]:
    """Each problem as pointer (RFC 6901, relative to the answers), code and message.

    In form order, unknown keys last and sorted; at most a hundred. A message in another language
    names choices in the language of the profile that was asked (`profile.in_language`).
    """
    found = list(_flat(error.messages, "", language))
    found.sort(key=lambda problem: problem["pointer"] if problem["code"] == "unknown" else "")
    return found[:MAX_PROBLEMS]


def messages_in(error: ValidationError, language: str) -> Any:
    """The messages as marshmallow has them, said in this language: what pages show."""
    return _said(error.messages, language)


def not_sure(profile: Profile, answers: dict[str, Any]) -> list[str]:
    """The keys answered "not sure", in form order: the agenda of the first conversation."""
    return [spec["key"] for spec in profile.questions if is_not_sure(answers.get(spec["key"]))]


def as_given(profile: Profile, answers: dict[str, Any]) -> dict[str, Any]:
    """Clean answers without what the server recorded, ready to be changed and loaded again."""
    branch = branch_of(profile, answers) or ""
    return {
        key: value
        for key, value in answers.items()
        if profile.need(profile.question(key), branch) != "absent"
    }


def _without_branch(profile: Profile, answers: dict[str, Any]) -> ValidationError:
    """Nothing can be judged before the branch, save what every branch must answer."""
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


def _said(messages: Any, language: str) -> Any:
    if isinstance(messages, dict):
        return {key: _said(inner, language) for key, inner in messages.items()}
    if isinstance(messages, list):
        return [_said(each, language) for each in messages]
    return messages.in_language(language) if isinstance(messages, Message) else str(messages)


def _flat(messages: Any, pointer: str, language: str) -> Iterator[Problem]:
    if isinstance(messages, dict):
        for token, inner in messages.items():
            escaped = str(token).replace("~", "~0").replace("/", "~1")
            yield from _flat(inner, f"{pointer}/{escaped}", language)
        return
    for said in messages:
        ours = isinstance(said, Message)
        code, message = (said.code, said.in_language(language)) if ours else ("type", str(said))
        yield {"pointer": pointer, "code": code, "message": message}
