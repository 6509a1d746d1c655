"""The variables that every text may use."""

from marshmallow import RAISE, Schema, fields


class AboutNothing(Schema):
    """The variables of every text, including those that are not about a proposal."""

    class Meta:
        unknown = RAISE

    institution = fields.Str(required=True)
    office = fields.Str(required=True)
    contact_name = fields.Str(required=True)
    contact_email = fields.Str(required=True)


class Variables(AboutNothing):
    """The variables of every text about a proposal."""

    reference = fields.Str(required=True)
    title = fields.Str(required=True)


def link() -> fields.Str:
    """The personal link of the reader; it gives access to anyone who has it."""
    return fields.Str(required=True, metadata={"secret": True})
