"""Who owns a case: assigned to oneself, unassigned, reassigned, transferred to another office."""

from sqlalchemy.orm import Session

from services.review.cases.visibility import has_conflict
from services.review.lifecycle import transitions
from services.review.lifecycle.actions import CaseAction, NotPossible
from services.review.lifecycle.publication import publish
from services.review.models import Case, Staff
from services.review.models.people import WORKERS
from services.review.notifications import case_mail
from services.review.notifications.case_mail import TransferDetails
from shared.profile import versions
from shared.tables import now


def assign_to_self(session: Session, case: Case, *, by: Staff) -> None:
    """Become the owner. It counts as the first reply, because the proposer gets a name."""
    if case.owner is not None:
        raise NotPossible(f"{case.owner.name} owns this case already.")
    transitions.apply(session, case, CaseAction.ASSIGN_TO_SELF, by=by)
    case.owner = session.merge(by, load=True)
    case.first_reply_at = case.first_reply_at or now()
    publish(session, case)


def unassign(session: Session, case: Case, *, by: Staff, reason: str = "") -> None:
    """Leave the case without an owner."""
    if case.owner is None:
        raise NotPossible("This case has no owner.")
    transitions.apply(session, case, CaseAction.UNASSIGN, by=by, reason=reason)
    case.owner = None
    publish(session, case)


def reassign(session: Session, case: Case, *, by: Staff, to: Staff, reason: str = "") -> None:
    """Make a colleague the owner and mail them the note."""
    can_own = to.active and to.role in WORKERS and to.office in (None, case.office)
    if not can_own or has_conflict(case, to):
        raise NotPossible(f"{to.name} cannot own this case.")
    if case.owner_id == to.id:
        raise NotPossible(f"{to.name} owns this case already.")
    entry = f"to {to.name}: {reason}" if reason else f"to {to.name}"
    transitions.apply(session, case, CaseAction.REASSIGN, by=by, reason=entry)
    case.owner = session.merge(to, load=True)
    case.first_reply_at = case.first_reply_at or now()
    profile = publish(session, case)
    case_mail.assigned(session, case, profile=profile, by=by, word=reason)


def transfer(session: Session, case: Case, *, by: Staff, office: str, reason: str) -> None:
    """Move the case to another office, without an owner. Deadlines and conversation stay."""
    profile = versions.of(session, version=case.profile_version)
    offices = {each["value"]: each["label"] for each in profile.offices}
    if office not in offices or office == case.office:
        raise NotPossible("Choose another office from the list.")
    entry = f"to {offices[office]}: {reason}"
    transitions.apply(session, case, CaseAction.TRANSFER, by=by, reason=entry)
    details = TransferDetails(by, reason, offices[case.office], case.owner)
    case.office, case.owner = office, None
    publish(session, case)
    case_mail.transferred(session, case, profile=profile, details=details)
