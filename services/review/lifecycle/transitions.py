"""Apply an action on a case as the table of actions allows, and write it to the audit."""

from sqlalchemy.orm import Session

from services.review.cases import audit
from services.review.cases.audit import AuditEntry
from services.review.cases.visibility import has_conflict
from services.review.lifecycle.actions import (
    TRANSITIONS,
    CaseAction,
    NotAllowed,
    NotPossible,
    Refused,
)
from services.review.models import Case, Staff


def may(case: Case, action: CaseAction, *, by: Staff) -> bool:
    """Whether this person may do this now; pages offer buttons by it."""
    try:
        check(case, action, by=by)
    except Refused:
        return False
    return True


def apply(
    session: Session, case: Case, action: CaseAction, *, by: Staff | None, reason: str = ""
) -> None:
    """Check an action, change the state, write the audit. Raises NotPossible or NotAllowed."""
    check(case, action, by=by)
    before = case.state
    case.state = TRANSITIONS[action].target or before
    audit.record(session, case, AuditEntry(action, by, reason), was=before)


def check(case: Case, action: CaseAction, *, by: Staff | None) -> None:
    """Raise NotPossible or NotAllowed unless this person may do this now; None is the calendar."""
    transition = TRANSITIONS[action]
    role_fits = by.role in transition.roles if by is not None else not transition.roles
    if not role_fits:
        raise NotAllowed("Your role does not allow this.")
    if case.state not in transition.sources:
        raise NotPossible("This is not possible in the current state of the case.")
    if by is None:
        return
    if not by.active:
        raise NotAllowed("Their account was deactivated.")
    if has_conflict(case, by):
        raise NotAllowed("You’re listed on this proposal, so a colleague must do this.")
    if transition.guard is not None:
        transition.guard(case, by)
