"""All questions of a branch, to read or print before the form."""

from typing import Any, TypedDict

from services.intake.forms.choices import choices
from services.intake.forms.conditions import hint_of
from services.intake.labels import translate
from shared.profile import Profile
from shared.profile.labels import label, title
from shared.profile.roles import only_choice

Spec = dict[str, Any]


class QuestionRow(TypedDict):
    """A question or part: its wording, whether it must be answered, its choices."""

    label: str
    hint: str
    need: str
    offers: list[str]
    parts: list["QuestionRow"]


class QuestionSection(TypedDict):
    """The questions of one section; `optional` if they come after "you can send now"."""

    title: str
    minutes: int
    optional: bool
    questions: list[QuestionRow]


def sections(profile: Profile, branch: str) -> list[QuestionSection]:
    """Every question of this branch, whatever the answers, in form order."""
    return [
        QuestionSection(
            title=title(section, branch),
            minutes=section["minutes"].get(branch, 0),
            optional=section["kind"] == "topic",
            questions=[
                _question(profile, spec, branch) for spec in questions if spec["type"] != "files"
            ],
        )
        for section, questions in profile.pages(branch)
    ]


def _question(profile: Profile, spec: Spec, branch: str) -> QuestionRow:
    return QuestionRow(
        label=label(spec, branch),
        hint=hint_of(profile, spec, branch, profile.questions_for(branch)),
        need=_need(profile, spec, branch),
        offers=[choice["label"] for choice in choices(profile, spec, branch)],
        parts=[
            QuestionRow(
                label=label(part, branch),
                hint=hint_of(profile, part, branch, spec["parts"]),
                need="" if part.get("required") else translate(profile.language, "need_optional"),
                offers=[choice["label"] for choice in choices(profile, part, branch)],
                parts=[],
            )
            for part in spec.get("parts", [])
            if profile.need(part, branch) != "absent" and not only_choice(profile, part, branch)
        ],
    )


def _need(profile: Profile, spec: Spec, branch: str) -> str:
    need = profile.need(spec, branch)
    if need == "or_not_sure":
        return translate(profile.language, "need_or_not_sure", not_sure=profile.wording["not_sure"])
    return translate(profile.language, "need_optional") if need == "optional" else ""
