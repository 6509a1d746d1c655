"""Whoever has left a draft lying is reminded of it, by a loop of the worker."""

import threading
from datetime import datetime

from sqlalchemy.orm import Session

from services.intake import drafts, letters
from services.intake.forms import checking
from services.intake.models import Draft, Person
from shared import crash, db, logs
from shared.loops import Beat, every
from shared.profile import Profile, versions
from shared.tables import now

log = logs.logger(__name__)

EVERY = 60.0  # seconds
AT_ONCE = 50  # a transaction: on SQLite everybody else waits for it


def remind(stop: threading.Event, beat: Beat) -> None:
    """A loop of the worker; each minute it reminds whoever is due."""
    every(EVERY, turn, stop=stop, beat=beat)


def turn() -> int:
    """Remind of up to fifty drafts, and plan what comes after; return how many were looked at.

    The reminder and the plan are one transaction, so that whatever dies, nobody hears of it twice.
    """
    with db.begin() as session:
        try:
            profile = versions.in_force(session)
        except versions.NoProfile:
            return 0
        at = now()
        found = drafts.waiting(session, at=at, most=AT_ONCE)
        reminded = [_remind(session, draft, profile=profile, at=at) for draft in found]
        crash.point("intake.before_reminders")
    if any(reminded):
        log.info("reminded of drafts", count=sum(reminded))
    return len(found)


def _remind(session: Session, draft: Draft, *, profile: Profile, at: datetime) -> bool:
    idle = drafts.reminder_due(draft, at=at)
    person = session.get(Person, draft.person_id) if draft.person_id else None
    due = person is not None and idle is not None and draft.proposal_id is None
    if person is not None and idle is not None and due:
        left = checking.left(profile, draft)
        letters.draft_reminder(session, draft, person, profile=profile, idle=idle, left=left)
    drafts.plan_reminder(draft, after=at)
    return due
