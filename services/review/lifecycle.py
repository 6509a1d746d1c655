"""How a case moves: one table of steps, and the acts of the office that are not a decision.

A step that the table does not know is refused, whoever asks. Every act writes the audit; those that
the proposer may notice are told to intake.

    from                     step        to               who
    triage                   take        triage           triage, assessor, lead, director
    triage, decision_draft   give_back   as it was        whoever has it; lead, director
    triage, decision_draft   hand_over   as it was        whoever has it; triage, lead, director
    triage                   pass_on     as it was        whoever has it; triage, lead, director
    triage, decision_draft   write       as it was        triage, assessor, lead, director
    triage, decision_draft   draft       decision_draft   triage, assessor, lead, director
    decision_draft           edit        decision_draft   triage, assessor, lead, director
    decision_draft           discard     triage           triage, assessor, lead, director
    decision_draft           accept      accepted         lead, director
    decision_draft           defer       deferred         lead, director
    decision_draft           decline     declined         lead, director
    declined, deferred       reopen      triage           lead, director
    deferred                 wake        triage           the clock
    any but erased           settle      as it was        triage, assessor, lead, director
    any but erased           note        as it was        triage, assessor, lead, director
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review import alerts, audit, posts, triage
from services.review.audit import Deed
from services.review.indexing import index
from services.review.models import Case, Staff
from services.review.models.cases import STANDING
from services.review.models.people import LEADS, WORKERS
from shared import calendar
from shared.profile import Profile, versions
from shared.tables import now


class Refused(Exception):
    """An act that may not be done; the message is for people."""


class NotPossible(Refused):
    """Not in the state that the case is in."""


class NotAllowed(Refused):
    """Not by this person."""


class Step(NamedTuple):
    sources: frozenset[str]
    target: str | None  # None: the state stays
    roles: frozenset[str]  # none: only the clock


_OPEN = frozenset({"triage", "decision_draft"})
_DRAFT = frozenset({"decision_draft"})
_ANY = frozenset(STANDING)
_NOBODY: frozenset[str] = frozenset()

STEPS: dict[str, Step] = {
    "take": Step(frozenset({"triage"}), None, WORKERS),
    "give_back": Step(_OPEN, None, WORKERS),
    "hand_over": Step(_OPEN, None, WORKERS),
    "pass_on": Step(frozenset({"triage"}), None, WORKERS),
    "write": Step(_OPEN, None, WORKERS),
    "draft": Step(_OPEN, "decision_draft", WORKERS),
    "edit": Step(_DRAFT, None, WORKERS),
    "discard": Step(_DRAFT, "triage", WORKERS),
    "accept": Step(_DRAFT, "accepted", LEADS),
    "defer": Step(_DRAFT, "deferred", LEADS),
    "decline": Step(_DRAFT, "declined", LEADS),
    "reopen": Step(frozenset({"declined", "deferred"}), "triage", LEADS),
    "wake": Step(frozenset({"deferred"}), "triage", _NOBODY),
    "settle": Step(_ANY, None, WORKERS),
    "note": Step(_ANY, None, WORKERS),
}
_PUBLIC = {"accepted": "accepted", "deferred": "on_hold", "declined": "not_now"}


def may(case: Case, action: str, *, by: Staff) -> bool:
    """Whether this person can take this step now; what a page offers."""
    try:
        _check(case, action, by)
    except Refused:
        return False
    return True


def act(session: Session, case: Case, action: str, *, by: Staff | None, reason: str = "") -> None:
    """Take one step of the table: check, move, write down. Raises NotPossible or NotAllowed."""
    _check(case, action, by)
    was = case.state
    case.state = STEPS[action].target or was
    audit.record(session, case, Deed(action, by, reason), was=was)


def told(session: Session, case: Case) -> Profile:
    """After an act that the proposer may notice: label, due day, and the word to intake."""
    profile = versions.of(session, version=case.profile_version)
    quiet = "being_read" if case.first_reply_at else "received"
    case.public_label = _PUBLIC.get(case.state, quiet)
    session.flush()
    index(session, case, profile=profile)
    triage.announce(session, case, profile=profile)
    return profile


def take(session: Session, case: Case, *, by: Staff) -> None:
    """Look after the case: the proposer is told a name, which is our first reply."""
    if case.owner is not None:
        raise NotPossible(f"{case.owner.name} looks after it already.")
    act(session, case, "take", by=by)
    case.owner = session.merge(by, load=True)
    case.first_reply_at = case.first_reply_at or now()
    told(session, case)


def give_back(session: Session, case: Case, *, by: Staff, reason: str = "") -> None:
    """Nobody looks after it any more."""
    if case.owner is None:
        raise NotPossible("Nobody looks after it.")
    act(session, case, "give_back", by=by, reason=reason)
    case.owner = None
    told(session, case)


def hand_over(session: Session, case: Case, *, by: Staff, to: Staff, reason: str = "") -> None:
    """A colleague looks after it from now on, with everything said."""
    sees_it = to.active and to.role in WORKERS and to.office in (None, case.office)
    if not sees_it or stands_on(case, to):
        raise NotPossible(f"{to.name} cannot look after this case.")
    if case.owner_id == to.id:
        raise NotPossible(f"{to.name} looks after it already.")
    act(session, case, "hand_over", by=by, reason=f"to {to.name}" + (f": {reason}" * bool(reason)))
    case.owner = session.merge(to, load=True)
    case.first_reply_at = case.first_reply_at or now()
    profile = told(session, case)
    alerts.assigned(session, case, profile=profile, by=by, word=reason)


def pass_on(session: Session, case: Case, *, by: Staff, office: str, reason: str) -> None:
    """Another office of the institution has the case from now on: nobody of it looks after it yet;
    clock, consent and conversation go on.
    """
    profile = versions.of(session, version=case.profile_version)
    offices = {one["value"]: one["label"] for one in profile.offices}
    if office not in offices or office == case.office:
        raise NotPossible("Choose another office from the list.")
    act(session, case, "pass_on", by=by, reason=f"to {offices[office]}: {reason}")
    was, case.office, case.owner = offices[case.office], office, None
    told(session, case)
    alerts.passed_on(session, case, profile=profile, hand=alerts.Hand(by.name, reason, was))


def write(session: Session, case: Case, *, by: Staff, text: str) -> None:
    """Say something to the proposer, under one's name."""
    act(session, case, "write", by=by)
    posts.add(session, case, author=by.name, text=text)
    case.first_reply_at = case.first_reply_at or now()
    told(session, case)


def reopen(session: Session, case: Case, *, by: Staff, reason: str) -> None:
    """Take up again what was declined or put on hold, with new dates."""
    act(session, case, "reopen", by=by, reason=reason)
    _start_anew(session, case)


def wake(session: Session, *, today: date) -> int:
    """Take up what was on hold until today or earlier; return how many cases."""
    due = select(Case).where(Case.state == "deferred", Case.deferred_until <= today)
    cases = session.scalars(due.with_for_update(skip_locked=True).limit(50)).all()
    for case in cases:
        act(session, case, "wake", by=None)
        alerts.awake(session, case, profile=_start_anew(session, case))
    return len(cases)


def _start_anew(session: Session, case: Case) -> Profile:
    """New dates for conversation and decision: the old ones were kept or are beside the point."""
    profile = versions.of(session, version=case.profile_version)
    promised = calendar.promises(profile, now())
    case.meeting_by, case.decision_by = promised["meeting_by"], promised["decision_by"]
    case.outcome = case.deferred_until = None
    return told(session, case)


def _check(case: Case, action: str, by: Staff | None) -> None:
    step = STEPS[action]
    if (by is None) != (not step.roles) or (by is not None and by.role not in step.roles):
        raise NotAllowed("Your role does not include this.")
    if case.state not in step.sources:
        raise NotPossible("This is not possible in the state that the case is in.")
    if by is None:
        return
    if stands_on(case, by):
        raise NotAllowed("You stand on this proposal yourself: a colleague has to do this.")
    own = case.owner_id == by.id
    if action == "give_back" and not own and by.role not in LEADS:
        raise NotAllowed("Only whoever looks after a case, or a lead, gives it back.")
    if action in ("hand_over", "pass_on") and not own and by.role == "assessor":
        raise NotAllowed("Ask whoever looks after the case, or a lead, to hand it over.")


def stands_on(case: Case, member: Staff) -> bool:
    """Whether the proposal is (also) hers."""
    return member.email in {str(one["address"]).casefold() for one in case.people}
