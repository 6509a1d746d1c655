"""Who did what with a case, when and why; and who looked at it. Rows are only ever added.

Every deed is a new revision of the case: a form that was shown with an older one is told what came
between (`since`).
"""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from services.review.models import Audit, Case, Staff
from services.review.models.states import CaseEvent
from shared.tables import now

VISIT = timedelta(hours=1)  # one visit is one row


class AuditEntry(NamedTuple):
    """One thing that was done. Nobody: the proposer (see its name) or the clock."""

    action: str
    by: Staff | None = None
    reason: str = ""


def record(session: Session, case: Case, deed: AuditEntry, *, was: str | None) -> None:
    """Write it down, after it was done: the case's state now is what it led to."""
    case.revision = (case.revision or 0) + 1
    case.changed_at = now()
    session.flush()
    session.add(
        Audit(
            case_id=case.id,
            revision=case.revision,
            staff_id=deed.by.id if deed.by else None,
            action=deed.action,
            from_state=was,
            to_state=case.state,
            reason=deed.reason,
        )
    )


def record_view(session: Session, case: Case, *, by: Staff) -> list[Audit]:
    """Write down that somebody was shown this case; return what others did since she last was."""
    last = session.scalar(
        select(Audit)
        .where(Audit.case_id == case.id, Audit.staff_id == by.id, Audit.action == CaseEvent.VIEWED)
        .order_by(Audit.id.desc())
        .limit(1)
    )
    news = (
        [row for row in _entries(session, case, after=last.id) if row.staff_id != by.id]
        if (last is not None)
        else []
    )
    if last is None or news or last.at < now() - VISIT:
        state = case.state
        session.add(
            Audit(
                case_id=case.id,
                revision=case.revision,
                staff_id=by.id,
                action=CaseEvent.VIEWED,
                from_state=state,
                to_state=state,
            )
        )
    return news


def entries(session: Session, case: Case) -> list[Audit]:
    """Everything that was done with the case, newest first; looks left out."""
    return _entries(session, case, after=0)


def views(session: Session, case: Case) -> list[Audit]:
    """Who was shown the case and when, newest first; fifty at most."""
    found = select(Audit).options(joinedload(Audit.staff))
    found = found.where(Audit.case_id == case.id, Audit.action == CaseEvent.VIEWED)
    return list(session.scalars(found.order_by(Audit.id.desc()).limit(50)))


def entries_since(session: Session, case: Case, *, revision: int) -> list[Audit]:
    """What was done after this revision, oldest first."""
    found = _entries(session, case, after=0)
    return [row for row in reversed(found) if row.revision > revision]


def erase_reasons(session: Session, case: Case) -> None:
    """An erased person's case keeps who did what and when, and loses every reason in words."""
    session.execute(update(Audit).where(Audit.case_id == case.id).values(reason=""))


def _entries(session: Session, case: Case, *, after: int) -> list[Audit]:
    found = select(Audit).options(joinedload(Audit.staff))
    found = found.where(
        Audit.case_id == case.id, Audit.action != CaseEvent.VIEWED, Audit.id > after
    )
    return list(session.scalars(found.order_by(Audit.id.desc())))
