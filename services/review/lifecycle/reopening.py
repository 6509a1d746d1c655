"""Reopen a declined or held case: by a lead, or automatically when the hold ends."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.lifecycle import transitions
from services.review.lifecycle.actions import CaseAction
from services.review.lifecycle.publication import publish
from services.review.models import Case, Staff
from services.review.models.states import CaseState
from services.review.notifications import case_mail
from shared import calendar
from shared.profile import Profile, versions
from shared.tables import now

BATCH = 50


def reopen(session: Session, case: Case, *, by: Staff, reason: str) -> None:
    """Reopen a declined or held case, with new dates."""
    transitions.apply(session, case, CaseAction.REOPEN, by=by, reason=reason)
    _restart(session, case)


def reopen_due(session: Session, *, today: date) -> int:
    """Reopen the cases whose hold ended by `today`; return how many."""
    due = select(Case).where(Case.state == CaseState.DEFERRED, Case.deferred_until <= today)
    cases = session.scalars(due.with_for_update(skip_locked=True).limit(BATCH)).all()
    for case in cases:
        transitions.apply(session, case, CaseAction.REOPEN_AUTOMATICALLY, by=None)
        case_mail.back_from_hold(session, case, profile=_restart(session, case))
    return len(cases)


def _restart(session: Session, case: Case) -> Profile:
    """Set new dates for meeting and decision: the old ones were kept or have passed."""
    profile = versions.of(session, version=case.profile_version)
    promises = calendar.promises(profile, now())
    case.meeting_by, case.decision_by = promises["meeting_by"], promises["decision_by"]
    case.outcome = case.deferred_until = None
    return publish(session, case)
