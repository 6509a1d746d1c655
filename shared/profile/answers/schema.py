"""The marshmallow schema of a form, built from the profile, one per version and branch."""

from functools import lru_cache, partial
from typing import Any

from marshmallow import RAISE, Schema, fields

from shared.profile.answers import values
from shared.profile.answers.fields import ItemsField, PartsField, QuestionField, Spec, ValueField
from shared.profile.answers.messages import Message, required
from shared.profile.labels import missing
from shared.profile.profile import Profile

MAX_ITEMS = 99  # of a list without a limit of its own


class Answers(Schema):
    """An object of questions, or of parts."""

    error_messages = {"unknown": Message.of("unknown")}

    class Meta:
        unknown = RAISE


@lru_cache(maxsize=64)
def schema_of(profile: Profile, branch: str) -> Schema:
    """The schema of the answers in this branch. Built once; threads may share it."""
    assumed = profile.assumed(branch)
    answer_fields: dict[str, fields.Field[Any]] = {
        question["key"]: _question_field(
            profile, question, branch=branch, need=profile.need(question, branch), assumed=assumed
        )
        for question in profile.questions
    }
    return _schema(answer_fields)


def _schema(answer_fields: dict[str, fields.Field[Any]]) -> Schema:
    return Answers.from_dict(answer_fields)()


def _question_field(
    profile: Profile, spec: Spec, *, branch: str, need: str, assumed: Spec
) -> QuestionField:
    message = required(
        spec["type"],
        missing=missing(spec, branch),
        or_not_sure=profile.wording["not_sure"] if need == "or_not_sure" else None,
    )
    inner = _typed(profile, spec, branch)
    return QuestionField(inner, spec=spec, need=need, required=message, assumed=assumed)


def _typed(profile: Profile, spec: Spec, branch: str) -> fields.Field[Any]:
    kind = spec["type"]
    if kind in ("single", "multi"):
        return _choice(profile, spec, branch)
    if kind == "list_of_text":
        return ItemsField(
            ValueField(partial(values.text, spec)), spec=spec, most=MAX_ITEMS, exclusive_labels={}
        )
    if kind in ("composite", "people", "organizations"):
        parts = PartsField(_schema(_parts(profile, spec, branch)))
        if kind == "composite":
            return parts
        return ItemsField(parts, spec=spec, most=MAX_ITEMS, exclusive_labels={})
    return ValueField(partial(values.READERS.get(kind, values.text), spec))


def _choice(profile: Profile, spec: Spec, branch: str) -> fields.Field[Any]:
    offered = profile.choices(spec, branch)
    choice_field = ValueField(
        partial(values.choice, frozenset(choice["value"] for choice in offered))
    )
    if spec["type"] == "single":
        return choice_field
    exclusive_labels = {
        choice["value"]: choice["label"] for choice in offered if choice.get("exclusive")
    }
    return ItemsField(choice_field, spec=spec, most=len(offered), exclusive_labels=exclusive_labels)


def _parts(profile: Profile, spec: Spec, branch: str) -> dict[str, fields.Field[Any]]:
    return {
        part["name"]: _question_field(
            profile, part, branch=branch, need=profile.need(part, branch), assumed={}
        )
        for part in spec["parts"]
    }
