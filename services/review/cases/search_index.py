"""What is kept beside a case because the queue looks for it: due day, flags, words."""

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from services.review.cases import deadlines, flags
from services.review.models import Case, CaseFlag, MailStatus
from services.review.models.states import PROBLEM_MAIL
from shared import references
from shared.profile import Profile, value_of

MAIL_FAILED = "mail_failed"  # the flag of a case with such a mail


def update(session: Session, case: Case, *, profile: Profile) -> None:
    """Bring it up to date after any change of the case or of a mail about it."""
    case.due_on = deadlines.next_due_on(case)
    case.warn_on = deadlines.next_reminder_on(case, profile=profile)
    case.search_text = search_text(case, profile)
    raised = flags.raised_by(profile, case.answers) if case.answers else []
    if case.language != profile.languages[0]:
        raised.append("other_language")
    if _has_problem_mail(session, case):
        raised.insert(0, MAIL_FAILED)
    here = {row.flag: row for row in case.flags}
    case.flags = [here.get(flag) or CaseFlag(flag=flag) for flag in raised]
    for place, row in enumerate(case.flags):
        row.place = place
        row.due_on, row.submitted_at = case.due_on, case.submitted_at


def _has_problem_mail(session: Session, case: Case) -> bool:
    with session.no_autoflush:  # the case may be a new one, and is written in one go
        return bool(session.scalar(_PROBLEM_MAIL_OF, {"proposal_id": case.proposal_id}))


_PROBLEM_MAIL_OF = select(
    exists().where(
        MailStatus.proposal_id == bindparam("proposal_id"), MailStatus.state.in_(PROBLEM_MAIL)
    )
)


def search_text(case: Case, profile: Profile) -> str:
    """What a search looks through, casefolded."""
    people = [f"{one['name']} {one['address']}" for one in case.people]
    summary = value_of(profile, case.answers, "summary") or ""
    said = [case.title, case.organization, *people, summary]
    return "\n".join([case.reference, references.display(case.reference), *said]).casefold()
