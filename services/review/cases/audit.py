"""The history of a case: who did what, when and why, and who viewed it. Append-only.

Each action makes a new revision of the case. A form that was shown with an older one gets the
entries in between (`entries_since`).
"""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from services.review.models import Audit, Case, Staff
from services.review.models.states import CaseEvent
from shared.tables import now

VISIT = timedelta(hours=1)  # repeated views within it are one row


class AuditEntry(NamedTuple):
    """One action. Without `by` it was the proposer or a timer; the action says which."""

    action: str
    by: Staff | None = None
    reason: str = ""


def record(session: Session, case: Case, entry: AuditEntry, *, was: str | None) -> None:
    """Add an action to the audit after it was done; `was` is the state before."""
    case.revision = (case.revision or 0) + 1
    case.changed_at = now()
    session.flush()
    session.add(
        Audit(
            case_id=case.id,
            revision=case.revision,
            staff_id=entry.by.id if entry.by else None,
            action=entry.action,
            from_state=was,
            to_state=case.state,
            reason=entry.reason,
        )
    )


def record_view(session: Session, case: Case, *, by: Staff) -> list[Audit]:
    """Record that this person viewed the case; return what others did since their last view."""
    last_view = session.scalar(
        select(Audit)
        .where(Audit.case_id == case.id, Audit.staff_id == by.id, Audit.action == CaseEvent.VIEWED)
        .order_by(Audit.id.desc())
        .limit(1)
    )
    news: list[Audit] = []
    if last_view is not None:
        later = _entries(session, case, after=last_view.id)
        news = [entry for entry in later if entry.staff_id != by.id]
    if last_view is None or news or last_view.at < now() - VISIT:
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
    """Every action on the case, newest first, without views."""
    return _entries(session, case, after=0)


def views(session: Session, case: Case) -> list[Audit]:
    """Who viewed the case and when, newest first; at most fifty."""
    query = select(Audit).options(joinedload(Audit.staff))
    query = query.where(Audit.case_id == case.id, Audit.action == CaseEvent.VIEWED)
    return list(session.scalars(query.order_by(Audit.id.desc()).limit(50)))


def entries_since(session: Session, case: Case, *, revision: int) -> list[Audit]:
    """The actions after this revision, oldest first."""
    newest_first = _entries(session, case, after=0)
    return [entry for entry in reversed(newest_first) if entry.revision > revision]


def erase_reasons(session: Session, case: Case) -> None:
    """Blank the reasons, which may name an erased person; who did what and when is kept."""
    session.execute(update(Audit).where(Audit.case_id == case.id).values(reason=""))


def _entries(session: Session, case: Case, *, after: int) -> list[Audit]:
    query = select(Audit).options(joinedload(Audit.staff))
    query = query.where(
        Audit.case_id == case.id, Audit.action != CaseEvent.VIEWED, Audit.id > after
    )
    return list(session.scalars(query.order_by(Audit.id.desc())))
