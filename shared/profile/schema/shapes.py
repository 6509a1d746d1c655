"""Small schemas and fields that the profile schema uses; unknown keys are faults."""

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

NAME = "[a-z][a-z0-9_]{0,59}"


class Strict(Schema):
    class Meta:
        unknown = RAISE


def name(**more: Any) -> fields.Str:
    what = "use a-z, 0-9 and _, beginning with a letter"
    return fields.Str(validate=validate.Regexp(f"{NAME}$", error=what), **more)


def wording(**more: Any) -> fields.Str:
    return fields.Str(validate=validate.Length(min=1, max=1000), **more)


def strings(**more: Any) -> fields.List[Any]:
    return fields.List(fields.Str(validate=validate.Length(min=1, max=200)), **more)


def many(schema: type[Schema] | Schema) -> fields.List[Any]:
    length = validate.Length(min=1, error="is empty")
    return fields.List(fields.Nested(schema), required=True, validate=length)


def whole(**more: Any) -> fields.Int:
    return fields.Int(strict=True, validate=validate.Range(min=0, max=10**9), **more)


def by_name(inner: fields.Field[Any], **more: Any) -> fields.Dict:
    return fields.Dict(keys=name(), values=inner, **more)


class Listed(Strict):
    value = name(required=True)
    label = wording(required=True)
    hint = wording()
    partner_label = wording()
    partner_hint = wording()
