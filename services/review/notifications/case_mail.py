"""Mails to the office about a case. Only review knows who works there."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from services.review import labels
from services.review.cases import deadlines
from services.review.cases.visibility import has_conflict
from services.review.models import Case, Letter, Staff
from services.review.models.cases import NOT_DUE
from services.review.models.people import Role
from services.review.models.states import NotificationTime, ReminderKind
from services.review.notifications import morning_digest
from services.review.staff import notification_preferences, people
from shared import dates, links
from shared.mails.quoting import quoted
from shared.mails.request import MailRequest, proposal_variables, request_mail
from shared.profile import Profile, value_of


class StaffMail(NamedTuple):
    """A mail to the office about a case. `cause` makes it unique: the same cause is mailed once."""

    kind: str
    cause: str
    variables: dict[str, str]
    not_before: datetime | None = None  # wait until then, so that one mail covers several events


class TransferDetails(NamedTuple):
    """Who transferred a case, their note, and the office and owner that had it."""

    by: Staff
    word: str
    former: str
    owner: Staff | None


def new_case(session: Session, case: Case, *, profile: Profile) -> None:
    """Tell the office that a proposal came in, and by when to reply."""
    choices = profile.choices(profile.body["branch_question"], case.branch)
    branches = {choice["value"]: choice["label"] for choice in choices}
    variables = {
        "branch": branches.get(case.branch, case.branch),
        "proposer": _proposer(case)["name"],
        "organization": case.organization,
        "summary": value_of(profile, case.answers, "summary") or "",
        "first_reply_by": dates.in_words(case.first_reply_by, profile.languages[0]),
    }
    mail = StaffMail(kind="staff_alert", cause=str(case.proposal_id), variables=variables)
    _send(session, case, mail, profile=profile, to=None)


def assigned(session: Session, case: Case, *, profile: Profile, by: Staff, word: str) -> None:
    """Tell a colleague that they own the case now."""
    variables = {"by": by.name, "word": word, "due": _due(case, profile)}
    mail = StaffMail(kind="assigned", cause=f"{case.id}:{case.revision}", variables=variables)
    _send(session, case, mail, profile=profile, to=case.owner)


def mentioned(session: Session, case: Case, *, profile: Profile, by: Staff, to: Staff) -> None:
    """Tell a colleague that a note mentions them. The text of the note stays on the page."""
    variables = {
        "by": by.name,
        "due": _due(case, profile),
        "case_url": f"{links.case(case.reference)}#notes",
    }
    cause = f"{case.id}:{case.revision}:{to.id}"
    mail = StaffMail(kind="mentioned", cause=cause, variables=variables)
    _send(session, case, mail, profile=profile, to=to)


def transferred(
    session: Session, case: Case, *, profile: Profile, details: TransferDetails
) -> None:
    """Tell the new office that the case was transferred to it, and the owner who lost it."""
    variables = {
        "by": details.by.name,
        "word": details.word,
        "former": details.former,
        "due": _due(case, profile),
    }
    cause = f"{case.id}:{case.revision}"
    mail = StaffMail(kind="case_passed_on", cause=cause, variables=variables)
    _send(session, case, mail, profile=profile, to=None)
    owner = details.owner
    if owner is not None and owner.active and owner.id != details.by.id:
        to_owner = mail._replace(cause=f"{cause}:{owner.id}")
        _send(session, case, to_owner, profile=profile, to=owner)


def message_received(  # noqa: PLR0913 - the message, its author, and when the mail may go
    session: Session,
    case: Case,
    *,
    profile: Profile,
    post_id: UUID,
    author: str,
    text: str,
    not_before: datetime,
) -> None:
    """Tell the owner that the proposer sent a message. The mail covers what follows until then."""
    variables = {"author": author, "due": _due(case, profile), "message": quoted(text)}
    cause = f"{case.proposal_id}:{post_id}"
    mail = StaffMail(
        kind="post_from_proposer", cause=cause, variables=variables, not_before=not_before
    )
    _send(session, case, mail, profile=profile, to=case.owner)


def back_from_hold(session: Session, case: Case, *, profile: Profile) -> None:
    """Tell the owner that the hold ended."""
    variables = {"due": _due(case, profile)}
    mail = StaffMail(kind="case_awake", cause=f"{case.id}:{case.revision}", variables=variables)
    _send(session, case, mail, profile=profile, to=case.owner)


def decision_waiting(
    session: Session, case: Case, *, profile: Profile, letter: Letter, again: str = ""
) -> None:
    """Tell everybody who may release this letter, once a draft, and once more with another mark
    `again`. Without such a colleague, tell the mailbox of the office.
    """
    leads: list[Staff | None] = [
        lead
        for lead in people.leads(session, office=case.office)
        if lead.id != letter.drafted_by_id and not has_conflict(case, lead)
    ]
    variables = {
        "by": letter.drafted_by.name,
        "decision": labels.DECISIONS.get(letter.kind, labels.humanize(letter.kind)),
        "due": _due(case, profile),
    }
    for to in leads or [None]:
        cause = f"{letter.id}:{to.id if to else case.office}{again}"
        mail = StaffMail(kind="decision_waiting", cause=cause, variables=variables)
        _send(session, case, mail, profile=profile, to=to)


def deadline(
    session: Session, case: Case, *, profile: Profile, reminder: deadlines.Reminder
) -> None:
    """Remind the owner, or the office without one, of a deadline. After it has passed, tell the
    leads too.
    """
    language = profile.languages[0]
    variables = {
        "promise": profile.promise(reminder.promise, language),
        "due": dates.in_words(reminder.due, language),
        "owner": case.owner.name if case.owner else "",
    }
    owner = case.owner if case.owner and case.owner.active else None
    cause = f"{case.id}:{reminder.promise}:{reminder.due}"
    if reminder.kind == ReminderKind.NEAR:
        mail = StaffMail(kind="promise_near", cause=cause, variables=variables)
        _send(session, case, mail, profile=profile, to=owner)
        return
    directors_too = people.leads(session, office=case.office)
    leads = [lead for lead in directors_too if lead.role == Role.LEAD] or directors_too
    for to in (owner, *(lead for lead in leads if lead is not owner)):
        each = f"{cause}:{to.id if to else case.office}"
        mail = StaffMail(kind="promise_passed", cause=each, variables=variables)
        _send(session, case, mail, profile=profile, to=to)


def not_delivered(session: Session, case: Case, *, profile: Profile, mail: dict[str, Any]) -> None:
    """Tell the owner that a mail did not reach the proposer."""
    proposer = _proposer(case)
    variables = {
        "proposer": proposer["name"],
        "address": proposer["address"],
        "reason": mail["reason"] or "",
    }
    warning = StaffMail(kind="mail_failed", cause=str(mail["mail_id"]), variables=variables)
    _send(session, case, warning, profile=profile, to=case.owner)


def _send(
    session: Session, case: Case, mail: StaffMail, *, profile: Profile, to: Staff | None
) -> None:
    """Mail this colleague, now or in the daily summary as they prefer. Without an active colleague,
    mail the office.
    """
    if to is None or not to.active:
        request_mail(session, _request(case, mail, profile=profile, to=None))
    elif notification_preferences.preference(to, mail.kind) == NotificationTime.MORNING:
        morning_digest.enqueue(session, case, to=to, kind=mail.kind, profile=profile)
    else:
        request_mail(session, _request(case, mail, profile=profile, to=to))


def _request(case: Case, mail: StaffMail, *, profile: Profile, to: Staff | None) -> MailRequest:
    office = profile.office(case.office)
    contact = office["contact"]
    common = proposal_variables(profile, office, reference=case.reference, title=case.title)
    return MailRequest(
        kind=mail.kind,
        dedupe_key=f"{mail.kind}:{mail.cause}",
        proposal_id=case.proposal_id,
        reference=case.reference,
        person_id=None,
        to_address=to.email if to else contact["email"],
        to_name=to.name if to else contact["name"],
        reply_to=contact,
        language=profile.languages[0],
        profile_version=profile.version,
        variables={**common, "case_url": links.case(case.reference), **mail.variables},
        not_before=mail.not_before,
    )


def _proposer(case: Case) -> dict[str, str]:
    return case.people[0] if case.people else {"name": "", "address": ""}


def _due(case: Case, profile: Profile) -> str:
    day = deadlines.next_due_on(case)
    return dates.in_words(day, profile.languages[0]) if day != NOT_DUE else ""
