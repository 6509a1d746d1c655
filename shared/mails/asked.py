"""The variables of texts to people without an account, who are asked or informed."""

from marshmallow import fields

from shared.mails.variables import Variables, link


class CoProposerAdded(Variables):
    """`by`: who named the reader; `due`: the day by which we would like an answer."""

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
    """`step`: the approval that the reader decides; `due`: the day by which to decide."""

    name = fields.Str(required=True)
    step = fields.Str(required=True)
    approval_url = link()
    due = fields.Str(required=True)


class ApprovalThanks(Variables):
    """`answer`: the decision of the reader, in words."""

    name = fields.Str(required=True)
    step = fields.Str(required=True)
    answer = fields.Str(required=True)
    approval_url = link()


class RouteNotice(Variables):
    """`step`: the approval that was just given; the link to the summary is personal."""

    step = fields.Str(required=True)
    summary_url = link()
