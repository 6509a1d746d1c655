"""A case that review has lost in a restore, brought to what its proposer knows of it.

intake holds the public part: label, dates, contact, the last released letter. The rest (notes,
drafted letters, who did what) does not come back.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.cases import audit
from services.review.cases.audit import AuditEntry
from services.review.models import Case, Letter, Staff
from services.review.models.people import Role
from services.review.models.states import CaseEvent, CaseState, LetterKind
from shared.profile import Profile
from shared.restore import restores

_DECIDED = {kind.outcome.public_label: kind for kind in LetterKind}
_FROM_INTAKE = (CaseState.WITHDRAWN, CaseState.SUSPECTED_SPAM, CaseState.ERASED)


def take_back(
    session: Session, case: Case, known: dict[str, Any] | None, *, profile: Profile
) -> bool:
    """Apply what intake knows, if it is newer than the case; return whether it was.

    A case that changed here since the restore stays as it is. Either way its version is then that
    of intake at least, so that intake takes the next state.
    """
    if known is None or case.state == CaseState.ERASED or not _is_news(session, case, known):
        return False
    changed_here = _changed_since_restore(session, case)
    case.version = max(case.version, known["version"])
    if changed_here:
        return True
    before = case.state
    _copy(session, case, known, profile=profile)
    session.flush()
    audit.record(session, case, AuditEntry(CaseEvent.TAKEN_BACK), was=before)
    restores.note_return(session, "states of cases", case.id, at=known["changed_at"])
    if case.state == CaseState.DEFERRED and case.deferred_until is None:
        restores.note_loss(session, "end dates of holds", case.id, at=known["changed_at"])
    return True


def _is_news(session: Session, case: Case, known: dict[str, Any]) -> bool:
    """Whether intake has a newer state, or one of the lost time with the number of ours."""
    if known["version"] != case.version:
        return bool(known["version"] > case.version)
    restore = restores.last(session)
    return restore is not None and restore.copied_at < known["changed_at"] < restore.restored_at


def _changed_since_restore(session: Session, case: Case) -> bool:
    """Whether the office acted on it. A case that was opened just now has no version yet."""
    restore = restores.last(session)
    return restore is not None and case.version > 0 and case.changed_at > restore.restored_at


def _copy(session: Session, case: Case, known: dict[str, Any], *, profile: Profile) -> None:
    for name, day in known["promises"].items():
        setattr(case, name, day)
    offices = {office["label"]: office["value"] for office in profile.offices}
    case.office = offices.get(known["office"], case.office)
    case.first_reply_at = known["first_reply_at"]
    owner = _colleague(session, known["contact"]["name"])
    if owner is not None and case.owner_id is None:
        case.owner, case.owner_id = owner, owner.id
    if case.state in _FROM_INTAKE:
        return
    case.outcome, case.deferred_until = known["outcome"], known.get("on_hold_until")
    case.public_label = known["public_label"]
    kind = _DECIDED.get(known["public_label"])
    if kind is not None:
        case.state = kind.outcome
    elif case.state in {each.outcome for each in LetterKind}:
        case.state = CaseState.TRIAGE
    if known["letter"] is not None:
        _keep_letter(session, case, known["letter"], kind=kind or LetterKind.ACCEPT)


def _keep_letter(session: Session, case: Case, letter: dict[str, Any], *, kind: LetterKind) -> None:
    """Store the released letter, unless it is here."""
    is_here = select(Letter.id).where(
        Letter.case_id == case.id, Letter.released_at == letter["released_at"]
    )
    if session.scalar(is_here) is not None:
        return
    name, at = letter["signed_by"], letter["released_at"]
    signer = _colleague(session, name) or _lost_account(session, name, signed_at=at)
    restored = Letter(
        id=uuid4(),
        case_id=case.id,
        kind=kind,
        language=case.language,
        subject=letter["subject"],
        text=letter["text"],
        drafted_by_id=signer.id,
        drafted_at=at,
        released_by_id=signer.id,
        released_at=at,
    )
    session.add(restored)
    session.flush()
    restores.note_return(session, "letters", restored.id, at=at)


def _colleague(session: Session, name: str) -> Staff | None:
    by_name = select(Staff).where(Staff.name == name).order_by(Staff.active.desc())
    return session.scalars(by_name.limit(1)).first()


def _lost_account(session: Session, name: str, *, signed_at: datetime) -> Staff:
    """A deactivated account for the signer of a letter whose account was lost too."""
    lost = Staff(
        id=uuid4(),
        name=name,
        email=f"lost-{uuid4().hex}@account.invalid",
        role=Role.AUDITOR,
        active=False,
    )
    session.add(lost)
    session.flush()
    restores.note_return(session, "accounts of signers", lost.id, at=signed_at)
    return lost
