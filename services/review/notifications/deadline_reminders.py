"""The office is told when a promise to a proposer is near its end or has passed it, once each."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.cases import deadlines
from services.review.models import Case
from services.review.models.states import ReminderKind
from services.review.notifications import case_mail
from shared import calendar
from shared.profile import Profile, versions

TOO_OLD = timedelta(days=14)  # what is longer ago everybody knows: no flood after a long stop
BATCH = 50


def send_due(session: Session, *, profile: Profile, at: datetime) -> int:
    """Tell of what is due by the day of this moment; return how many cases were looked at.

    A case that another worker looks at is left to it. What was told stands in the same row, so it
    is told once.
    """
    today = calendar.local_day(profile, at)
    due = select(Case).where(Case.warn_on <= today).order_by(Case.warn_on)
    cases = session.scalars(due.with_for_update(skip_locked=True).limit(BATCH)).all()
    for case in cases:
        own = versions.of(session, version=case.profile_version)
        known = deadlines.reminders(case, profile=own)
        news = [one for one in known if one.on <= today and one.key not in case.warned]
        for alarm in _worth_sending(news, since=today - TOO_OLD):
            case_mail.deadline(session, case, profile=own, alarm=alarm)
        case.warned = [*case.warned, *(one.key for one in news)]
        case.warn_on = deadlines.next_reminder_on(case, profile=own)
    return len(cases)


def _worth_sending(news: list[deadlines.Reminder], *, since: date) -> list[deadlines.Reminder]:
    """Without what is long ago, and without "near" where the promise has passed meanwhile."""
    passed = {one.promise for one in news if one.kind == ReminderKind.PASSED}
    return [
        one
        for one in news
        if one.on >= since and (one.kind == ReminderKind.PASSED or one.promise not in passed)
    ]
