"""An answer that two pages have changed: both are shown, and people choose one."""

from typing import Any

from services.intake.drafts.versions import SAVED
from services.intake.labels import translate
from services.intake.models import Draft
from shared.profile import Profile
from shared.profile.labels import answer_lines, label
from shared.web.ui.fields import Field

Spec = dict[str, Any]


def keys(draft: Draft, questions: list[Spec]) -> list[str]:
    """The questions of a page whose answers wait for a choice."""
    return [spec["key"] for spec in questions if spec["key"] in draft.unsettled]


def fields_of(
    profile: Profile, draft: Draft, questions: list[Spec], branch: str, *, complete: bool
) -> list[Field]:
    """A choice for each of these questions; with an error each unless the page is `complete`."""
    language = profile.language
    errors = [] if complete else [translate(language, "choose_version")]
    waiting = set(keys(draft, questions))
    return [
        Field(
            kind="single",
            name=f"choose.{spec['key']}",
            label=label(spec, branch),
            errors=errors,
            choices=_choices(profile, draft, spec, branch),
        )
        for spec in questions
        if spec["key"] in waiting
    ]


def _choices(profile: Profile, draft: Draft, spec: Spec, branch: str) -> list[dict[str, str]]:
    key, language = spec["key"], profile.language
    held = [draft.typed.get(key), key in draft.not_sure]
    answers = [(SAVED, "version_saved", held)]
    answers += [(str(at), "version_here", each) for at, each in enumerate(draft.unsettled[key])]
    return [
        {
            "value": value,
            "label": translate(language, title),
            "text": _in_words(profile, spec, answer, branch),
        }
        for value, title, answer in answers
    ]


def _in_words(profile: Profile, spec: Spec, answer: list[Any], branch: str) -> str:
    """An answer in words; as it was typed if it is none that the form accepts."""
    value, unsure = answer
    if unsure:
        return str(profile.wording["not_sure"])
    if value in (None, "", [], {}):
        return translate(profile.language, "version_empty")
    try:
        return "\n".join(answer_lines(profile, spec, value, branch))
    except (AttributeError, KeyError, TypeError, ValueError):
        return "\n".join(_as_typed(value))


def _as_typed(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return [line for each in inner for line in _as_typed(each)]
    return [str(value)]
