"""What every text may name."""

from marshmallow import RAISE, Schema, fields


class AboutNothing(Schema):
    """What every text may name, also one that is about no proposal."""

    class Meta:
        unknown = RAISE

    institution = fields.Str(required=True)
    office = fields.Str(required=True)
    contact_name = fields.Str(required=True)
    contact_email = fields.Str(required=True)


class Variables(AboutNothing):
    """What every text about a proposal may name."""

    reference = fields.Str(required=True)
    title = fields.Str(required=True)


def link() -> fields.Str:
    """The reader's own link; whoever has it gets in."""
    return fields.Str(required=True, metadata={"secret": True})
