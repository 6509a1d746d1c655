"""What somebody looks over before she sends: her answers in words, what is open or missing."""

from typing import Any, NamedTuple

from flask import url_for
from marshmallow import ValidationError

from services.intake.drafts import drafts
from services.intake.forms import steps
from services.intake.forms.steps import Step
from services.intake.models import Draft
from shared.profile import Profile, branch_of, labels
from shared.profile.answers import validation

Spec = dict[str, Any]


class Sheet(NamedTuple):
    """The answers of one page."""

    title: str
    rows: list[dict[str, Any]]


class Missing(NamedTuple):
    """A question that needs another look: its label, what to do, where."""

    label: str
    text: str
    href: str


def sheets(profile: Profile, body: Spec, found: list[Step], wrong: Spec) -> list[Sheet]:
    """Every sound answer under its question, with the address at which it can be changed."""
    pages = {
        spec["key"]: address
        for step in found
        if step.kind != "send"
        for address in [_page(step)]
        for spec in step.questions
    }
    sound = {key: value for key, value in body.items() if key in pages and key not in wrong}
    told = []
    for sheet in labels.sheets(profile, sound):
        rows = [dict(row) | {"href": f"{pages[row['key']]}#{row['key']}"} for row in sheet["rows"]]
        told.append(Sheet(sheet["title"], rows))
    return told


def agenda(profile: Profile, body: Spec) -> list[tuple[str, str]]:
    """Key and question of each answer "not sure": what the first conversation is about."""
    branch = str(body[profile.body["branch_question"]])
    asked = validation.not_sure(profile, body)
    return [(key, labels.label(profile.question(key), branch)) for key in asked]


def unanswered(found: list[Step], body: Spec, branch: str) -> list[str]:
    """The questions that were left open, and may be."""
    return [
        labels.label(spec, branch)
        for step in found
        if step.kind != "send"
        for spec in step.questions
        if spec["key"] not in body and "when" not in spec
    ]


def uncounted(profile: Profile, draft: Draft, body: Spec) -> list[str]:
    """The questions whose answers do not count, because of other answers."""
    branch = str(body[profile.body["branch_question"]])
    keys = drafts.uncounted_keys(profile, draft, body)
    return [labels.label(profile.question(key), branch) for key in keys]


def count_missing(profile: Profile, draft: Draft) -> int:
    """How many questions keep a draft from being sent, without those of the last page."""
    body = drafts.counted_answers(profile, draft)
    branch = branch_of(profile, body)
    found = steps.steps(profile, branch, body) if branch else []
    asked = [spec["key"] for step in found if step.kind != "send" for spec in step.questions]
    try:
        validation.load_some(profile, body, asked)
    except ValidationError as error:
        return len(error.messages_dict)
    return 0


def missing(found: list[Step], errors: Spec, branch: str) -> list[Missing]:
    """What keeps the proposal from being sent, except on the last page itself."""
    told = []
    for step in found:
        for spec in step.questions if step.kind != "send" else []:
            if spec["key"] in errors:
                text = _first(errors[spec["key"]])
                asked = labels.label(spec, branch)
                told.append(Missing(asked, text, f"{_page(step)}#{spec['key']}"))
    return told


def _page(step: Step) -> str:
    """Where its answers can be changed, on the way back here."""
    return url_for("drafts.page", name=step.id, back="check")


def _first(said: Any) -> str:
    """The first sentence in the messages of a question, however deep."""
    while not isinstance(said, str):
        said = next(iter(said.values() if isinstance(said, dict) else said))
    return said
