"""Publish what the proposer may know of a case, as `case.changed.v1`."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services.review.cases import search_index
from services.review.models import Case, Letter
from services.review.models.states import CaseState
from shared import outbox
from shared.profile import Profile, versions


class Departure(NamedTuple):
    """What left for the proposer together: messages, and whether the letter."""

    departure_id: UUID
    post_ids: list[UUID]
    letter: bool


def publish(session: Session, case: Case, *, departure: Departure | None = None) -> Profile:
    """Update label and search index after an action that the proposer may see, and tell intake."""
    profile = versions.of(session, version=case.profile_version)
    undecided = "being_read" if case.first_reply_at else "received"
    case.public_label = CaseState(case.state).public_label or undecided
    session.flush()
    search_index.update(session, case, profile=profile)
    emit_case_changed(session, case, profile=profile, departure=departure)
    return profile


def emit_case_changed(
    session: Session, case: Case, *, profile: Profile, departure: Departure | None = None
) -> None:
    """Add `case.changed.v1` to the outbox under the next version of the case."""
    case.version += 1
    data = public_state(session, case, profile=profile)
    if departure is not None:
        data["departure"] = departure._asdict()
    outbox.add(session, "case.changed.v1", data, only_last=True)


def public_state(session: Session, case: Case, *, profile: Profile) -> dict[str, Any]:
    """The data of `case.changed.v1`."""
    return {
        "case_id": case.id,
        "version": case.version,
        "proposal_id": case.proposal_id,
        "public_label": case.public_label,
        "office": profile.office(case.office)["label"],
        "contact": contact(case, profile=profile),
        "promises": promises_of(case),
        "reopened": [],
        "meeting": None,
        "route_steps": [],
        "outcome": case.outcome,
        "letter": _released_letter(session, case),
        "first_reply_at": case.first_reply_at,
        "on_hold_until": case.deferred_until,
        "departure": None,
        "changed_at": case.changed_at,
    }


def promises_of(case: Case) -> dict[str, Any]:
    """The dates that were promised to the proposer."""
    return {
        "first_reply_by": case.first_reply_by,
        "meeting_by": case.meeting_by,
        "decision_by": case.decision_by,
    }


def contact(case: Case, *, profile: Profile) -> dict[str, str]:
    """The contact for the proposer: the owner of the case, else the contact of the office.

    The address is always that of the office, so that replies are read while the owner is away.
    """
    office_contact = profile.office(case.office)["contact"]
    name = case.owner.name if case.owner else office_contact["name"]
    return {"name": name, "email": office_contact["email"]}


def _released_letter(session: Session, case: Case) -> dict[str, Any] | None:
    """The last released letter, as the proposer reads it."""
    letter = session.scalar(_LAST_LETTER, {"case_id": case.id})
    if letter is None or letter.released_by is None:
        return None
    return {
        "subject": letter.subject,
        "text": letter.text,
        "signed_by": letter.released_by.name,
        "released_at": letter.released_at,
    }


_LAST_LETTER = (
    select(Letter)
    .where(Letter.case_id == bindparam("case_id"), Letter.released_at.is_not(None))
    .order_by(Letter.released_at.desc())
    .limit(1)
)
