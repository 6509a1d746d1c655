"""What people check before they send: their answers in words, what is open or missing."""

from typing import Any, NamedTuple

from flask import url_for
from marshmallow import ValidationError

from services.intake.drafts import drafts
from services.intake.forms import parsing, steps
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
    """A question to review: its label, what to do, where: its address, and its way off a form."""

    label: str
    text: str
    href: str
    go: str


def sheets(profile: Profile, body: Spec, pages: list[Step], errors: Spec) -> list[Sheet]:
    """Every valid answer under its question, with the way to where it can be changed."""
    addresses = {
        spec["key"]: _way(step, spec)
        for step in pages
        if step.kind != "send"
        for spec in step.questions
    }
    valid = {key: value for key, value in body.items() if key in addresses and key not in errors}
    return [
        Sheet(
            sheet["title"],
            [dict(row) | {"go": addresses[row["key"]]} for row in sheet["rows"]],
        )
        for sheet in labels.sheets(profile, valid)
    ]


def agenda(profile: Profile, body: Spec) -> list[tuple[str, str]]:
    """Key and question of each "not sure": the agenda of the first conversation."""
    branch = str(body[profile.body["branch_question"]])
    keys = validation.not_sure(profile, body)
    return [(key, labels.label(profile.question(key), branch)) for key in keys]


def unanswered(pages: list[Step], body: Spec, branch: str) -> list[str]:
    """The questions without an answer."""
    return [
        labels.label(spec, branch)
        for step in pages
        if step.kind != "send"
        for spec in step.questions
        if spec["key"] not in body and "when" not in spec
    ]


def uncounted(
    profile: Profile, draft: Draft, branch: str, body: Spec, pages: list[Step]
) -> dict[str, list[Spec]]:
    """Answers that were typed and are not sent, with their text: "beside" those where "not sure"
    was chosen too, "closed" those that other answers close.
    """
    ways = {spec["key"]: _way(step, spec) for step in pages for spec in step.questions}
    rows: dict[str, list[Spec]] = {"beside": [], "closed": []}
    for key in drafts.uncounted_keys(profile, draft, body):
        spec = profile.question(key)
        row = {"label": labels.label(spec, branch), "shown": _texts(spec, draft.typed[key])}
        reason = "beside" if key in draft.not_sure else "closed"
        rows[reason].append(row | {"go": ways.get(key, "")})
    return rows


def _texts(spec: Spec, value: Any) -> list[str]:
    """What was typed into an answer, valid or not, without choices and boxes."""
    if spec["type"] in ("single", "multi", "consent"):
        return []
    if spec["type"] == "composite" and isinstance(value, dict):
        parts = [part for part in spec["parts"] if part["name"] in value]
        return [line for part in parts for line in _texts(part, value[part["name"]])]
    return list(parsing.leaves(value))


def count_missing(profile: Profile, draft: Draft) -> int:
    """How many questions must be answered before a draft can be sent, without the last page."""
    body = drafts.counted_answers(profile, draft)
    branch = branch_of(profile, body)
    pages = steps.steps(profile, branch, body) if branch else []
    keys = [spec["key"] for step in pages if step.kind != "send" for spec in step.questions]
    try:
        validation.load_some(profile, body, keys)
    except ValidationError as error:
        return len(error.messages_dict)
    return 0


def missing(pages: list[Step], errors: Spec, branch: str) -> list[Missing]:
    """The questions with an error, except those of the last page."""
    return [
        Missing(
            labels.label(spec, branch),
            _first_message(errors[spec["key"]]),
            _address(step, spec),
            _way(step, spec),
        )
        for step in pages
        if step.kind != "send"
        for spec in step.questions
        if spec["key"] in errors
    ]


def _address(step: Step, spec: Spec) -> str:
    """The question on its page, from which the button leads back to the check page."""
    return url_for("drafts.page", name=step.id, back="check", _anchor=spec["key"])


def _way(step: Step, spec: Spec) -> str:
    """As `_address`, for a button that saves the check page first."""
    return f"to:{step.id}.{spec['key']}"


def _first_message(messages: Any) -> str:
    """The first sentence in the messages of a question, however deep."""
    while not isinstance(messages, str):
        messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
    return messages
