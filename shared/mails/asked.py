"""What the texts are told that ask for an answer of people without an account, or tell them."""

from marshmallow import fields

from shared.mails.variables import Variables, link


class CoProposerAdded(Variables):
    """`by`: who has named the reader; `due`: by when we would like to know."""

    name = fields.Str(required=True)
    by = fields.Str(required=True)
    answer_url = link()
    due = fields.Str(required=True)


class Review(Variables):
    """`due`: the day by which the review is needed."""

    name = fields.Str(required=True)
    review_url = link()
    due = fields.Str(required=True)


class ReviewAsked(Review):
    by = fields.Str(required=True)


class ApprovalAsked(Variables):
    """`step`: the step of the route that is the reader's; `due`: by when it is to be decided."""

    name = fields.Str(required=True)
    step = fields.Str(required=True)
    approval_url = link()
    due = fields.Str(required=True)


class ApprovalThanks(Variables):
    """`answer`: what the reader has decided, in words."""

    name = fields.Str(required=True)
    step = fields.Str(required=True)
    answer = fields.Str(required=True)
    approval_url = link()


class RouteNotice(Variables):
    """`step`: what was approved just now; the summary is for the reader alone."""

    step = fields.Str(required=True)
    summary_url = link()
