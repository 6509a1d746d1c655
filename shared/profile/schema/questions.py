"""The schema of sections and questions: which keys a question has, and of what type."""

from marshmallow import fields, validate

from shared.profile.answers import values
from shared.profile.schema import shapes
from shared.profile.schema.shapes import Listed, Strict

TYPES_OF_PARTS = (*values.READERS, "single", "multi", "list_of_text")
TYPES = (*TYPES_OF_PARTS, "composite", "people", "organizations", "files")


class Section(Strict):
    id = shapes.name(required=True)
    kind = fields.Str(required=True, validate=validate.OneOf(["core", "topic", "send"]))
    title = shapes.wording(required=True)
    partner_title = shapes.wording()
    other_title = shapes.wording()
    minutes = shapes.by_name(shapes.whole_number(), required=True)


class Choice(Listed):
    branches = shapes.strings()
    exclusive = fields.Bool(truthy={True}, falsy={False})


class Limits(Strict):
    min = fields.Float()
    max = fields.Float()
    max_chars = shapes.whole_number()
    note_at = shapes.whole_number()
    min_items = shapes.whole_number()
    max_items = shapes.whole_number()
    max_megabytes = shapes.whole_number()
    extensions = shapes.strings()


When = Strict.from_dict(
    {
        "key": fields.Str(required=True),
        "in": shapes.strings(validate=validate.Length(min=1)),
        "not_in": shapes.strings(validate=validate.Length(min=1)),
        "given": fields.Bool(truthy={True}, falsy=set()),
    }
)


class Part(Strict):
    name = shapes.name(required=True)
    type = fields.Str(required=True, validate=validate.OneOf(TYPES_OF_PARTS))
    label = shapes.wording(required=True)
    hint = shapes.wording()
    partner_label = shapes.wording()
    partner_hint = shapes.wording()
    other_label = shapes.wording()
    other_hint = shapes.wording()
    missing = shapes.wording()
    partner_missing = shapes.wording()
    other_missing = shapes.wording()
    required = fields.Bool(truthy={True}, falsy={False})
    branches = shapes.strings()
    when = fields.Nested(When)
    limits = fields.Nested(Limits)
    choices = fields.List(fields.Nested(Choice))
    choices_from = shapes.name()


class Question(Strict):
    key = shapes.name(required=True)
    section = shapes.name(required=True)
    topic = shapes.name()
    type = fields.Str(required=True, validate=validate.OneOf(TYPES))
    label = shapes.wording(required=True)
    hint = shapes.wording()
    partner_label = shapes.wording()
    partner_hint = shapes.wording()
    other_label = shapes.wording()
    other_hint = shapes.wording()
    missing = shapes.wording()
    partner_missing = shapes.wording()
    other_missing = shapes.wording()
    requirement = shapes.by_name(
        fields.Str(validate=validate.OneOf(["required", "or_not_sure", "optional", "absent"])),
        required=True,
    )
    preset = shapes.by_name(fields.Raw())
    default = fields.Raw()
    not_sure = fields.Bool(truthy={True}, falsy={False})
    when = fields.Nested(When)
    limits = fields.Nested(Limits)
    choices = fields.List(fields.Nested(Choice))
    choices_from = shapes.name()
    parts = fields.List(fields.Nested(Part))
    role = shapes.name()
    confidential = fields.Bool(truthy={True}, falsy={False})
    core = fields.Bool(truthy={True}, falsy={False})
    seed = shapes.strings()
    why = shapes.wording(required=True)
