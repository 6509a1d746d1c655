"""The variables of texts to proposers. Days are written out; lists are lines that begin "- "."""

from marshmallow import fields

from shared.mails.variables import Variables, link


class WithPage(Variables):
    """The reader has a status page. `title` and `name` may be empty: a new draft has none."""

    name = fields.Str(required=True)
    status_url = link()


class SignInLink(WithPage):
    """`code`: six digits for the page where the link was requested, or ""."""

    code = fields.Str(load_default="", metadata={"secret": True})


class DraftSaved(WithPage):
    """`kept_until`: the day when it is deleted; `left`: how many questions are left, or ""."""

    kept_until = fields.Str(required=True)
    left = fields.Str(required=True)


class DraftReminder(DraftSaved):
    """`unsubscribe_url`: ends the reminders by a POST alone (RFC 8058), or ""."""

    unsubscribe_url = fields.Str(load_default="", metadata={"secret": True})


class DraftDeleted(Variables):
    name = fields.Str(required=True)
    start_url = fields.Str(required=True)


class Receipt(WithPage):
    """`answers`: a copy of the answers if the proposer asked for it, else "". `copy_waits`: "yes"
    if the copy is mailed once the mailbox is verified, else "".
    """

    answers = fields.Str(load_default="")
    copy_waits = fields.Str(load_default="")
    first_reply_by = fields.Str(required=True)
    meeting_by = fields.Str(required=True)
    decision_by = fields.Str(required=True)


class AnswersCopy(WithPage):
    """`answers`: a copy of the answers, for a mailbox that was verified after the receipt."""

    answers = fields.Str(required=True)


class Decision(WithPage):
    """One of `accepted`, `on_hold`, `declined` and `neutral` is "yes", the others "". It decides
    what the subject says. `messages`: what the office wrote beside the letter, quoted, or "".
    """

    letter = fields.Str(required=True)
    signed_by = fields.Str(required=True)
    accepted = fields.Str(load_default="")
    on_hold = fields.Str(load_default="")
    declined = fields.Str(load_default="")
    neutral = fields.Str(load_default="yes")
    messages = fields.Str(load_default="")


class WithNext(WithPage):
    """`next_by`: the day by which the owner of the case is in touch."""

    next_by = fields.Str(required=True)


class PostFromOffice(WithPage):
    """`message`: what was written, quoted, with the authors if there are several messages; "" for a
    mailbox that is not verified.
    """

    author = fields.Str(required=True)
    message = fields.Str(load_default="")


class InfoRequested(WithPage):
    """`sections`: the reopened sections, a line each; `due`: the day by which we need them."""

    sections = fields.Str(required=True)
    due = fields.Str(required=True)


class MeetingOffered(WithPage):
    """`slots`: the times to choose from, a line each; `agenda`: the open questions, or ""."""

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
    """`before`: the time that no longer applies."""

    before = fields.Str(required=True)


class MeetingSummary(WithNext):
    """`summary`: what was agreed, in the words of the office."""

    summary = fields.Str(required=True)


class CollaboratorFound(WithNext):
    """Both agreed to be named to each other. `organization`: of the other person, or ""."""

    collaborator = fields.Str(required=True)
    organization = fields.Str(required=True)


class RouteDone(WithNext):
    """`step`: the approval that was just given; `remaining`: the steps left, a line each."""

    step = fields.Str(required=True)
    remaining = fields.Str(required=True)


class Launched(Variables):
    """`public_url`: the page for learners; `renewed_by`: the last day before a renewal."""

    name = fields.Str(required=True)
    public_url = fields.Str(required=True)
    renewed_by = fields.Str(required=True)


class RenewalDue(WithPage):
    """`due`: the day after which it may not be offered without a renewal."""

    due = fields.Str(required=True)
