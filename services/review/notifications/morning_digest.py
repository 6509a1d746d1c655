"""The daily summary: notifications that a colleague wants in the morning, in one mail."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.cases.visibility import visible_to
from services.review.models import Case, DigestItem, Staff
from services.review.models.states import NOT_ERASED, OPEN, WITH_US, CaseState, LetterKind
from services.review.staff.mail import staff_mail
from services.review.staff.notification_preferences import CHOICES
from shared import calendar, dates, db, links, references
from shared.mails.entry import DigestRule
from shared.mails.kinds import IN_DIGEST
from shared.mails.request import request_mail
from shared.profile import Profile
from shared.tables import now

LINES_PER_KIND = 20  # the queue lists the rest
# Kinds are dropped from the summary unless the case is in one of these states.
STATES: dict[DigestRule | None, tuple[CaseState, ...]] = {
    DigestRule.OPEN: OPEN,
    DigestRule.WITH_OFFICE: WITH_US,
    DigestRule.AWAITING_RELEASE: (CaseState.DECISION_DRAFT,),
    DigestRule.OPEN_OR_DECIDED: (*OPEN, *(kind.outcome for kind in LetterKind)),
    DigestRule.NOT_ERASED: NOT_ERASED,
}


class Item(NamedTuple):
    kind: str
    case: Case


def enqueue(session: Session, case: Case, *, to: Staff, kind: str, profile: Profile) -> None:
    """Keep a notification until the office opens next; a kind is kept once a case."""
    at = now()
    item = {"staff_id": to.id, "case_id": case.id, "kind": kind, "at": at}
    item["tell_on"] = calendar.next_opening(profile, at)
    db.insert_new(session, DigestItem, values=item)


def recipients(session: Session, *, today: date) -> list[UUID]:
    """Ids of colleagues with a summary due by today."""
    query = select(DigestItem.staff_id).where(DigestItem.tell_on <= today).distinct()
    return list(session.scalars(query))


def send(session: Session, member_id: UUID, *, profile: Profile, at: datetime) -> bool:
    """Mail one colleague their summary; return whether there was anything to mail.

    The rows are deleted in the same transaction, so each is mailed once.
    """
    member = session.get_one(Staff, member_id, with_for_update=True)
    items = _take_items(session, member, today=calendar.local_day(profile, at))
    if not items or not member.active:
        return False
    variables = {
        **{kind: _lines(items, kind=kind, language=profile.languages[0]) for kind in IN_DIGEST},
        "number": str(len({item.case.id for item in items})),
        "queue_url": links.queue(),
        "choose_at": links.account(),
    }
    cause = f"{member.id}:{at.isoformat()}"
    request_mail(
        session, staff_mail(member, profile, kind="staff_news", cause=cause, variables=variables)
    )
    return True


def _take_items(session: Session, member: Staff, *, today: date) -> list[Item]:
    """Delete and return the waiting notifications, oldest first, without those that no longer apply
    or that the colleague may not see anymore.
    """
    due = select(DigestItem).where(DigestItem.staff_id == member.id, DigestItem.tell_on <= today)
    rows = session.scalars(due.order_by(DigestItem.at, DigestItem.case_id, DigestItem.kind)).all()
    visible = select(Case).where(Case.id.in_({row.case_id for row in rows}), visible_to(member))
    cases = {case.id: case for case in session.scalars(visible)}
    for row in rows:
        session.delete(row)
    items = [Item(row.kind, cases[row.case_id]) for row in rows if row.case_id in cases]
    return [item for item in items if _still_true(item, member)]


def _still_true(item: Item, member: Staff) -> bool:
    if item.kind == "assigned" and item.case.owner_id != member.id:
        return False
    return item.case.state in STATES[CHOICES[item.kind].digest]


def _lines(items: Sequence[Item], *, kind: str, language: str) -> str:
    cases = [item.case for item in items if item.kind == kind]
    lines = [_line(case, kind=kind, language=language) for case in cases[:LINES_PER_KIND]]
    unlisted = len(cases) - len(lines)
    return "\n".join(lines + ([f"- … +{unlisted}"] if unlisted else []))


def _line(case: Case, *, kind: str, language: str) -> str:
    """Title, reference and day: nothing that needs a translation."""
    reference = references.display(case.reference)
    name = f"{case.title} ({reference})" if case.title else reference
    day = f": {dates.in_words(case.due_on, language)}" if kind.startswith("promise_") else ""
    return f"- {name}{day}"
