"""The variables of texts to the office and its staff."""

from marshmallow import fields

from shared.mails.variables import AboutNothing, Variables, link


class StaffAlert(Variables):
    branch = fields.Str(required=True)
    proposer = fields.Str(required=True)
    organization = fields.Str(required=True)  # "" where there is none
    summary = fields.Str(required=True)
    first_reply_by = fields.Str(required=True)
    case_url = fields.Str(required=True)


class ToTheOffice(Variables):
    case_url = fields.Str(required=True)


class WithDue(ToTheOffice):
    """`due`: the day of our next step, or ""."""

    due = fields.Str(required=True)


class PostFromProposer(WithDue):
    """`message`: the words of the author, quoted."""

    author = fields.Str(required=True)
    message = fields.Str(load_default="")


class Assigned(WithDue):
    by = fields.Str(required=True)
    word = fields.Str(required=True)  # "" without a note


class Mentioned(WithDue):
    by = fields.Str(required=True)


class DecisionWaiting(WithDue):
    """`decision`: the proposed decision, by the label of the state that it leads to."""

    by = fields.Str(required=True)
    decision = fields.Str(required=True)


class Promised(WithDue):
    """`promise`: the deadline, as the proposer reads it. `owner`: of the case, or ""."""

    promise = fields.Str(required=True)
    owner = fields.Str(required=True)


class PassedOn(WithDue):
    """`former`: the office that had the case before."""

    by = fields.Str(required=True)
    word = fields.Str(required=True)
    former = fields.Str(required=True)


class MailFailed(ToTheOffice):
    proposer = fields.Str(required=True)
    address = fields.Str(required=True)
    reason = fields.Str(required=True)


class ToAColleague(AboutNothing):
    """`password_url`: the page where the reader chooses a password."""

    name = fields.Str(required=True)
    password_url = link()


class StaffInvitation(ToAColleague):
    """`until`: the last day of the link; `by`: who invited the reader, or ""."""

    role = fields.Str(required=True)
    by = fields.Str(required=True)
    until = fields.Str(required=True)


class Alarm(AboutNothing):
    """Why a service needs a person, each "" where it does not: the number of `parked` events,
    whether mail or events wait, whether it is `silent`, its loops in `trouble`, whether visitors
    reached the `limit` of mails. `minutes`: since when.
    whether mail or events wait, whether it is `silent`, its loops in `trouble`, what is `missing`
    there that another service holds, and the commands that `mend` it. `minutes`: since
    when.
    """

    name = fields.Str(required=True)
    service = fields.Str(required=True)
    minutes = fields.Str(required=True)
    parked = fields.Str(required=True)
    mail_waits = fields.Str(required=True)
    events_wait = fields.Str(required=True)
    trouble = fields.Str(required=True)
    silent = fields.Str(required=True)
    limit = fields.Str(load_default="")
    missing = fields.Str(load_default="")
    mend = fields.Str(load_default="")
    operations_url = fields.Str(required=True)


class Digest(AboutNothing):
    """How many cases are new, waiting on us (`ours`) and late, each with the URL of its list."""

    name = fields.Str(required=True)
    new = fields.Str(required=True)
    new_list = fields.Str(required=True)
    ours = fields.Str(required=True)
    ours_list = fields.Str(required=True)
    late = fields.Str(required=True)
    late_list = fields.Str(required=True)
    queue_url = fields.Str(required=True)
    choose_at = fields.Str(load_default="")


class StaffNews(AboutNothing):
    """`number` of cases. `choose_at`: the page where the reader chooses which mail they get; in
    `Digest` too. The table of kinds adds a variable a kind: a line a case, or "".
    """

    name = fields.Str(required=True)
    queue_url = fields.Str(required=True)
    choose_at = fields.Str(required=True)
    number = fields.Str(required=True)
