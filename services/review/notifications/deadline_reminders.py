"""Remind the office of promises to proposers, when they are near and when they have passed."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.cases import deadlines
from services.review.models import Case
from services.review.models.states import ReminderKind
from services.review.notifications import case_mail
from shared import calendar
from shared.profile import Profile, versions

TOO_OLD = timedelta(
    days=14
)  # older reminders are skipped, so that a long stop ends without a flood
BATCH = 50


def send_due(session: Session, *, profile: Profile, at: datetime) -> int:
    """Send the reminders that are due on the day of `at`; return how many cases were checked.

    Locked cases are left to the worker that holds them. The row of the case records what was sent,
    so each reminder is sent once.
    """
    today = calendar.local_day(profile, at)
    due = select(Case).where(Case.warn_on <= today).order_by(Case.warn_on)
    cases = session.scalars(due.with_for_update(skip_locked=True).limit(BATCH)).all()
    for case in cases:
        own = versions.of(session, version=case.profile_version)
        planned = deadlines.reminders(case, profile=own)
        unsent = [each for each in planned if each.on <= today and each.key not in case.warned]
        for reminder in _worth_sending(unsent, since=today - TOO_OLD):
            case_mail.deadline(session, case, profile=own, reminder=reminder)
        case.warned = [*case.warned, *(reminder.key for reminder in unsent)]
        case.warn_on = deadlines.next_reminder_on(case, profile=own)
    return len(cases)


def _worth_sending(unsent: list[deadlines.Reminder], *, since: date) -> list[deadlines.Reminder]:
    """Drop reminders from before `since`, and those of a near promise that has passed meanwhile."""
    recent = [reminder for reminder in unsent if reminder.on >= since]
    passed = {each.promise for each in unsent if each.kind == ReminderKind.PASSED}
    return [
        reminder
        for reminder in recent
        if reminder.kind == ReminderKind.PASSED or reminder.promise not in passed
    ]
