"""Columns that the queue filters and searches by: due day, flags and text of a case."""

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from services.review.cases import deadlines, flags, search_words, undelivered_mail
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
        if not session.scalar(_PROBLEM_MAIL_OF, {"proposal_id": case.proposal_id}):
            return False  # nearly every case
        mails = session.scalars(_MAILS_OF, {"proposal_id": case.proposal_id}).all()
    return any(
        undelivered_mail.is_problem(kind=mail.kind, state=mail.state)
        and not undelivered_mail.is_made_good(mail, mails)
        for mail in mails
    )


_MAILS_OF = select(MailStatus).where(MailStatus.proposal_id == bindparam("proposal_id"))
_PROBLEM_MAIL_OF = select(
    exists().where(
        MailStatus.proposal_id == bindparam("proposal_id"), undelivered_mail.problem_mail()
    )
)


def search_text(case: Case, profile: Profile, *, public: bool = False) -> str:
    """The text that a search reads, as search keys; `public`: without what is confidential."""
    hides = public and hides_people(profile, case.branch)
    people = case.people[:1] if hides else case.people
    named = [f"{person['name']} {person['address']}" for person in people]
    summary = value_of(profile, case.answers, "summary") or ""
    known_as = [case.reference, references.display(case.reference)]
    text = "\n".join([*known_as, case.title, case.organization, *named, summary])
    phones = [*search_words.phones(text), *_phones_on_file(case, profile, public=public)]
    return typed.search_key("\n".join([text, *dict.fromkeys(phones)]))


def search_public(case: Case, profile: Profile) -> str | None:
    """The text without confidential people and numbers; None where there are none."""
    public = search_text(case, profile, public=True)
    return public if public != search_text(case, profile) else None


def _phones_on_file(case: Case, profile: Profile, *, public: bool) -> list[str]:
    """The digits of the phone numbers among the answers; a number of another shape as typed."""
    answers = [
        case.answers.get(spec["key"])
        for spec in profile.questions_for(case.branch)
        if spec["type"] == "phone" and not (public and spec.get("confidential"))
    ]
    typed_in = [answer for answer in answers if isinstance(answer, str)]
    return [form for answer in typed_in for form in search_words.phones(answer) or [answer]]
