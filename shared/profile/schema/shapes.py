"""Small schemas and fields that the profile schema uses; unknown keys are faults."""

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

NAME = "[a-z][a-z0-9_]{0,59}"


class Strict(Schema):
    class Meta:
        unknown = RAISE


def name(**options: Any) -> fields.Str:
    error = "use a-z, 0-9 and _, beginning with a letter"
    return fields.Str(validate=validate.Regexp(f"{NAME}$", error=error), **options)


def wording(**options: Any) -> fields.Str:
    return fields.Str(validate=validate.Length(min=1, max=1000), **options)


def strings(**options: Any) -> fields.List[Any]:
    return fields.List(fields.Str(validate=validate.Length(min=1, max=200)), **options)


def many(schema: type[Schema] | Schema) -> fields.List[Any]:
    length = validate.Length(min=1, error="is empty")
    return fields.List(fields.Nested(schema), required=True, validate=length)


def whole_number(**options: Any) -> fields.Int:
    return fields.Int(strict=True, validate=validate.Range(min=0, max=10**9), **options)


def by_name(inner: fields.Field[Any], **options: Any) -> fields.Dict:
    return fields.Dict(keys=name(), values=inner, **options)


class Listed(Strict):
    value = name(required=True)
    label = wording(required=True)
    hint = wording()
    partner_label = wording()
    partner_hint = wording()
    other_label = wording()
    other_hint = wording()
