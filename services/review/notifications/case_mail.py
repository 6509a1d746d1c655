"""The mails that go to the office: only review knows who works there."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from services.review.cases import deadlines
from services.review.models import Case, Letter, Staff
from services.review.models.cases import NOT_DUE
from services.review.models.people import Role
from services.review.models.states import LetterKind, NotificationTime, ReminderKind
from services.review.notifications import morning_digest
from services.review.staff import notification_preferences, people
from shared import dates, links
from shared.mails.request import MailRequest, proposal_variables, request_mail
from shared.profile import Profile, value_of


def new_case(session: Session, case: Case, *, profile: Profile) -> None:
    """Tell the office of the case that somebody has sent something, and until when to reply."""
    language = profile.languages[0]
    branch = {choice["value"]: choice["label"] for choice in _branches(profile, case.branch)}
    variables = {
        "branch": branch.get(case.branch, case.branch),
        "proposer": _proposer(case)["name"],
        "organization": case.organization,
        "summary": value_of(profile, case.answers, "summary") or "",
        "first_reply_by": dates.in_words(case.first_reply_by, language),
    }
    cause = str(case.proposal_id)
    told = StaffMail(kind="staff_alert", cause=cause, more=variables)
    _send(session, case, told, profile=profile, to=None)


def assigned(session: Session, case: Case, *, profile: Profile, by: Staff, word: str) -> None:
    """Tell a colleague that she looks after the case now."""
    more = {"by": by.name, "word": word, "due": _due(case, profile)}
    cause = f"{case.id}:{case.revision}"
    told = StaffMail(kind="assigned", cause=cause, more=more)
    _send(session, case, told, profile=profile, to=case.owner)


def mentioned(session: Session, case: Case, *, profile: Profile, by: Staff, to: Staff) -> None:
    """Tell a colleague that a note names her; what it says stands on the page of the case alone."""
    there = f"{links.case(case.reference)}#notes"
    more = {"by": by.name, "due": _due(case, profile), "case_url": there}
    told = StaffMail(kind="mentioned", cause=f"{case.id}:{case.revision}:{to.id}", more=more)
    _send(session, case, told, profile=profile, to=to)


class TransferDetails(NamedTuple):
    """Who passed a case on, why, and the office that had it."""

    by: str
    word: str
    former: str


def transferred(session: Session, case: Case, *, profile: Profile, hand: TransferDetails) -> None:
    """Tell the office that has the case now."""
    more = {**hand._asdict(), "due": _due(case, profile)}
    cause = f"{case.id}:{case.revision}"
    told = StaffMail(kind="case_passed_on", cause=cause, more=more)
    _send(session, case, told, profile=profile, to=None)


def message_received(  # noqa: PLR0913 - what was said, by whom, and how long the mail waits for more
    session: Session,
    case: Case,
    *,
    profile: Profile,
    post_id: UUID,
    author: str,
    not_before: datetime,
) -> None:
    """Tell whoever looks after the case that the proposer wrote; it waits for what else comes."""
    more = {"author": author, "due": _due(case, profile)}
    cause = f"{case.id}:{post_id}"
    told = StaffMail(kind="post_from_proposer", cause=cause, more=more, not_before=not_before)
    _send(session, case, told, profile=profile, to=case.owner)


def back_from_hold(session: Session, case: Case, *, profile: Profile) -> None:
    """Tell whoever looks after the case that it is back from hold."""
    cause, more = f"{case.id}:{case.revision}", {"due": _due(case, profile)}
    told = StaffMail(kind="case_awake", cause=cause, more=more)
    _send(session, case, told, profile=profile, to=case.owner)


def decision_waiting(session: Session, case: Case, *, profile: Profile, letter: Letter) -> None:
    """Tell those who may release this letter that it waits, once a draft; where nobody else may,
    the office's mailbox hears of it.
    """
    standing = {str(one["address"]).casefold() for one in case.people}
    others: list[Staff | None] = [
        one
        for one in people.leads(session, office=case.office)
        if one.id != letter.drafted_by_id and one.email not in standing
    ]
    more = {
        "by": letter.drafted_by.name,
        "decision": profile.state_label(LetterKind(letter.kind).outcome)["label"],
        "due": _due(case, profile),
    }
    for to in others or [None]:
        cause = f"{letter.id}:{to.id if to else case.office}"
        told = StaffMail(kind="decision_waiting", cause=cause, more=more)
        _send(session, case, told, profile=profile, to=to)


def deadline(session: Session, case: Case, *, profile: Profile, alarm: deadlines.Reminder) -> None:
    """Tell whoever looks after the case that a promise is near or has passed, else the office; of
    what has passed its leads too.
    """
    language = profile.languages[0]
    more = {
        "promise": profile.promise(alarm.promise, language),
        "due": dates.in_words(alarm.due, language),
        "owner": case.owner.name if case.owner else "",
    }
    owner = case.owner if case.owner and case.owner.active else None
    cause = f"{case.id}:{alarm.promise}:{alarm.due}"
    if alarm.kind == ReminderKind.NEAR:
        told = StaffMail(kind="promise_near", cause=cause, more=more)
        _send(session, case, told, profile=profile, to=owner)
        return
    leads = people.leads(session, office=case.office)
    others = [one for one in leads if one.role == Role.LEAD] or leads
    for to in (owner, *(one for one in others if one is not owner)):
        cause = f"{case.id}:{alarm.promise}:{alarm.due}:{to.id if to else case.office}"
        told = StaffMail(kind="promise_passed", cause=cause, more=more)
        _send(session, case, told, profile=profile, to=to)


def not_delivered(session: Session, case: Case, *, profile: Profile, mail: dict[str, Any]) -> None:
    """Tell whoever looks after the case that a mail did not reach the proposer."""
    proposer = _proposer(case)
    more = {"proposer": proposer["name"], "address": proposer["address"],
            "reason": mail["reason"] or ""}  # fmt: skip
    cause = str(mail["mail_id"])
    told = StaffMail(kind="mail_failed", cause=cause, more=more)
    _send(session, case, told, profile=profile, to=case.owner)


class StaffMail(NamedTuple):
    """A mail about a case: its kind, what makes it this one, and what it says more than others."""

    kind: str
    cause: str
    more: dict[str, str]
    not_before: datetime | None = None  # it waits until then for what else comes


def _send(
    session: Session, case: Case, told: StaffMail, *, profile: Profile, to: Staff | None
) -> None:
    """Mail this colleague, or keep it for the morning where she wants it so; the mailbox of the
    office where nobody is named or who is has left.
    """
    to = to if to is not None and to.active else None
    if (
        to is not None
        and notification_preferences.preference(to, told.kind) == NotificationTime.MORNING
    ):
        morning_digest.enqueue(session, case, to=to, kind=told.kind, profile=profile)
    else:
        request_mail(session, _request(case, told, profile=profile, to=to))


def _request(case: Case, told: StaffMail, *, profile: Profile, to: Staff | None) -> MailRequest:
    office = profile.office(case.office)
    contact = office["contact"]
    common = proposal_variables(profile, office, reference=case.reference, title=case.title)
    return MailRequest(
        kind=told.kind,
        dedupe_key=f"{told.kind}:{told.cause}",
        proposal_id=case.proposal_id,
        reference=case.reference,
        person_id=None,
        to_address=to.email if to else contact["email"],
        to_name=to.name if to else contact["name"],
        reply_to=contact,
        language=profile.languages[0],
        profile_version=profile.version,
        variables={**common, "case_url": links.case(case.reference), **told.more},
        not_before=told.not_before,
    )


def _proposer(case: Case) -> dict[str, str]:
    return case.people[0] if case.people else {"name": "", "address": ""}


def _due(case: Case, profile: Profile) -> str:
    day = deadlines.next_due_on(case)
    return dates.in_words(day, profile.languages[0]) if day != NOT_DUE else ""


def _branches(profile: Profile, branch: str) -> list[dict[str, str]]:
    return profile.choices(profile.body["branch_question"], branch)
