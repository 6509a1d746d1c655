"""Loops of the worker: remind people of drafts, delete what has expired."""

import threading
from datetime import datetime

from flask import current_app
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from services.intake.access import rate_limits
from services.intake.drafts import drafts
from services.intake.forms import check_answers
from services.intake.models import Draft, Person
from services.intake.notifications import draft_mail
from shared import crash, db, logs
from shared.profile import Profile, versions
from shared.tables import now
from shared.worker.loops import Heartbeat, run_every

log = logs.logger(__name__)

REMIND_EVERY = 60.0  # seconds
DELETE_EVERY = 3600.0  # seconds
WATCH_EVERY = 10.0  # seconds
BATCH = 50  # drafts a transaction: on SQLite every other writer waits for it


def remind_of_drafts(stop: threading.Event, beat: Heartbeat) -> None:
    """Mail the reminders that are due, every minute, until `stop` is set."""
    run_every(REMIND_EVERY, reminder_turn, stop=stop, beat=beat)


def reminder_turn() -> int:
    """Mail up to fifty reminders and plan the next ones; return how many drafts were checked.

    Reminder and plan share a transaction, so that a crash never mails a reminder twice.
    """
    with db.begin() as session:
        try:
            profile = versions.in_force(session)
        except versions.NoProfile:
            return 0
        at = now()
        due = drafts.due_for_reminder(session, at=at, most=BATCH)
        reminded = [_remind(session, draft, profile=profile, at=at) for draft in due]
        crash.point("intake.before_reminders")
    if any(reminded):
        log.info("draft reminders requested", count=sum(reminded))
    return len(due)


def _remind(session: Session, draft: Draft, *, profile: Profile, at: datetime) -> bool:
    idle = drafts.reminder_due(draft, at=at)
    person = session.get(Person, draft.person_id) if draft.person_id else None
    due = person is not None and idle is not None and draft.proposal_id is None
    if person is not None and idle is not None and due:
        missing = check_answers.count_missing(profile, draft)
        draft_mail.draft_reminder(
            session, draft, person, profile=profile, idle=idle, missing=missing
        )
    drafts.plan_reminder(draft, after=at)
    return due


def watch_visitors_limit(stop: threading.Event, beat: Heartbeat) -> None:
    """Report trouble while visitors have caused as much mail as the service sends in an hour. The
    administrators get a mail about it at once, and /readyz says so.
    """
    while not stop.is_set():
        try:
            trouble = visitors_trouble()
        except DBAPIError as error:
            if not db.unreachable(error):
                raise
            trouble = str(error.orig)[:300]
        beat(trouble)
        stop.wait(WATCH_EVERY)


def visitors_trouble() -> str | None:
    """A sentence while no visitor may cause another mail with a link, else None."""
    links = rate_limits.visitor_links(int(current_app.config["VISITOR_MAILS_PER_HOUR"]))
    with db.read() as session:
        full = rate_limits.is_full(session, links)
    refused = "and more links are refused"
    return f"Visitors caused {links.most} mails within an hour, {refused}." if full else None


def delete_expired(stop: threading.Event, beat: Heartbeat) -> None:
    """Delete old drafts, expired links and old counts, every hour, until `stop` is set."""
    run_every(DELETE_EVERY, _deletion_turn, stop=stop, beat=beat)


def _deletion_turn() -> int:
    with db.begin() as session:
        try:
            profile: Profile | None = versions.in_force(session)
        except versions.NoProfile:
            profile = None
        count = drafts.delete_expired(session, profile=profile)
        rate_limits.delete_expired(session)
    if count:
        log.info("drafts deleted", count=count)
    return count
