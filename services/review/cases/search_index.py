"""Columns that the queue filters and searches by: due day, flags and text of a case."""

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from services.review.cases import deadlines, flags, undelivered_mail
from services.review.cases.visibility import hides_people
from services.review.models import Case, CaseFlag, MailStatus
from shared import references, typed
from shared.profile import Profile, value_of

MAIL_FAILED = "mail_failed"  # flag of a case with an undelivered mail


def update(session: Session, case: Case, *, profile: Profile) -> None:
    """Bring them up to date after a change of the case or of a mail about it."""
    case.due_on = deadlines.next_due_on(case)
    case.warn_on = deadlines.next_reminder_on(case, profile=profile)
    case.search_text = search_text(case, profile)
    case.search_public = search_public(case, profile)
    raised = flags.raised_by(profile, case.answers) if case.answers else []
    if case.language != profile.languages[0]:
        raised.append("other_language")
    if _has_problem_mail(session, case):
        raised.insert(0, MAIL_FAILED)
    present = {row.flag: row for row in case.flags}
    case.flags = [present.get(flag) or CaseFlag(flag=flag) for flag in raised]
    for place, row in enumerate(case.flags):
        row.place = place
        row.due_on, row.submitted_at = case.due_on, case.submitted_at


def _has_problem_mail(session: Session, case: Case) -> bool:
    with session.no_autoflush:  # a new case is inserted once, complete
        return bool(session.scalar(_PROBLEM_MAIL_OF, {"proposal_id": case.proposal_id}))


_PROBLEM_MAIL_OF = select(
    exists().where(
        MailStatus.proposal_id == bindparam("proposal_id"), undelivered_mail.problem_mail()
    )
)


def search_text(case: Case, profile: Profile, *, people: int | None = None) -> str:
    """The text that a search reads, as search keys; with so many of the people, else all."""
    named = [f"{person['name']} {person['address']}" for person in case.people[:people]]
    summary = value_of(profile, case.answers, "summary") or ""
    known_as = [case.reference, references.display(case.reference)]
    words = [*known_as, case.title, case.organization, *named, summary]
    return typed.search_key("\n".join(words))


def search_public(case: Case, profile: Profile) -> str | None:
    """The text without confidential people; None where there are none."""
    hides = len(case.people) > 1 and hides_people(profile, case.branch)
    return search_text(case, profile, people=1) if hides else None
