"""What the texts to proposers are told. Days are written out; lists are lines that begin "- "."""

from marshmallow import fields

from shared.mails.variables import Variables, link


class WithPage(Variables):
    """Whoever reads it has a page. `title` and `name` may be empty: a draft has none at first."""

    name = fields.Str(required=True)
    status_url = link()


class SignInLink(WithPage):
    """`code`: six digits for the page on which the link was asked for, or ""."""

    code = fields.Str(load_default="", metadata={"secret": True})


class DraftSaved(WithPage):
    """`kept_until`: the day on which it is deleted; `left`: how many questions, or ""."""

    kept_until = fields.Str(required=True)
    left = fields.Str(required=True)


class DraftDeleted(Variables):
    name = fields.Str(required=True)
    start_url = fields.Str(required=True)


class Receipt(WithPage):
    """`answers`: a copy for whoever asked for one, else ""."""

    answers = fields.Str(load_default="")
    first_reply_by = fields.Str(required=True)
    meeting_by = fields.Str(required=True)
    decision_by = fields.Str(required=True)


class Decision(WithPage):
    letter = fields.Str(required=True)
    signed_by = fields.Str(required=True)


class WithNext(WithPage):
    """`next_by`: the day by which whoever looks after it is in touch."""

    next_by = fields.Str(required=True)


class PostFromOffice(WithPage):
    author = fields.Str(required=True)


class InfoRequested(WithPage):
    """`sections`: what was reopened, a line each; `due`: by when we need it."""

    sections = fields.Str(required=True)
    due = fields.Str(required=True)


class MeetingOffered(WithPage):
    """`slots`: the times to choose from, a line each; `agenda`: what was left open, or ""."""

    slots = fields.Str(required=True)
    agenda = fields.Str(required=True)
    due = fields.Str(required=True)


class MeetingSet(WithPage):
    """`when`: day, time and zone; `where`: a place or "online"."""

    when = fields.Str(required=True)
    where = fields.Str(required=True)


class MeetingConfirmed(MeetingSet):
    agenda = fields.Str(required=True)


class MeetingChanged(MeetingSet):
    """`before`: when it was to be until now."""

    before = fields.Str(required=True)


class MeetingSummary(WithNext):
    """`summary`: what was agreed, as somebody of the office has written it."""

    summary = fields.Str(required=True)


class CollaboratorFound(WithNext):
    """Both have agreed to be named to each other. `organization`: that of the other, or ""."""

    collaborator = fields.Str(required=True)
    organization = fields.Str(required=True)


class RouteDone(WithNext):
    """`step`: what was approved just now; `remaining`: what is left, a line each."""

    step = fields.Str(required=True)
    remaining = fields.Str(required=True)


class Launched(Variables):
    """`public_url`: the page that learners see; `renewed_by`: the day until which it is good."""

    name = fields.Str(required=True)
    public_url = fields.Str(required=True)
    renewed_by = fields.Str(required=True)


class RenewalDue(WithPage):
    """`due`: the day after which it may not be offered without a renewal."""

    due = fields.Str(required=True)
