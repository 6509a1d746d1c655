"""What the texts to the office and its staff are told."""

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
    author = fields.Str(required=True)


class Assigned(WithDue):
    by = fields.Str(required=True)
    word = fields.Str(required=True)  # "" where nothing was said


class Mentioned(WithDue):
    by = fields.Str(required=True)


class DecisionWaiting(WithDue):
    """`decision`: what is proposed, as the office calls the state that it leads to."""

    by = fields.Str(required=True)
    decision = fields.Str(required=True)


class Promised(WithDue):
    """`promise`: what the proposer was told, as she read it. `owner`: of the case, or ""."""

    promise = fields.Str(required=True)
    owner = fields.Str(required=True)


class PassedOn(WithDue):
    """`former`: the office that had it."""

    by = fields.Str(required=True)
    word = fields.Str(required=True)
    former = fields.Str(required=True)


class MailFailed(ToTheOffice):
    proposer = fields.Str(required=True)
    address = fields.Str(required=True)
    reason = fields.Str(required=True)


class ToAColleague(AboutNothing):
    """`password_url`: opens the page on which she chooses a password."""

    name = fields.Str(required=True)
    password_url = link()


class StaffInvitation(ToAColleague):
    """`until`: the last day of the link; `by`: who added her, or ""."""

    role = fields.Str(required=True)
    by = fields.Str(required=True)
    until = fields.Str(required=True)


class Alarm(AboutNothing):
    """What a service needs somebody for, each "" where it does not: the number of `parked` events,
    whether mail or events wait or it is `silent`, its loops in `trouble`; for how many `minutes`.
    """

    name = fields.Str(required=True)
    service = fields.Str(required=True)
    minutes = fields.Str(required=True)
    parked = fields.Str(required=True)
    mail_waits = fields.Str(required=True)
    events_wait = fields.Str(required=True)
    trouble = fields.Str(required=True)
    silent = fields.Str(required=True)
    operations_url = fields.Str(required=True)


class Digest(AboutNothing):
    """How many are new, wait for us (`ours`) and are late, each with the address of its list."""

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
