"""What the texts to proposers are told."""

from marshmallow import fields

from shared.mails.about import Variables, link


class Receipt(Variables):
    """`answers`: a copy for whoever asked for one, else ""."""

    answers = fields.Str(load_default="")
    name = fields.Str(required=True)
    status_url = link()
    first_reply_by = fields.Str(required=True)
    meeting_by = fields.Str(required=True)
    decision_by = fields.Str(required=True)


class SignInLink(Variables):
    """`title` and `name` may be empty: a draft has none at first."""

    name = fields.Str(required=True)
    status_url = link()


class Decision(Variables):
    name = fields.Str(required=True)
    status_url = link()
    letter = fields.Str(required=True)
    signed_by = fields.Str(required=True)


class LookedAfter(Variables):
    """`next_by`: the day by which whoever looks after it is in touch."""

    name = fields.Str(required=True)
    status_url = link()
    next_by = fields.Str(required=True)


class PostFromOffice(Variables):
    name = fields.Str(required=True)
    status_url = link()
    author = fields.Str(required=True)
