"""When the next step of the office is due, and how a list shows it.

The deadlines are the promises to the proposer: a contact person (an owner is named by mail and on
the status page, or a colleague writes first), then the meeting, then the decision.
A case that is on hold or closed has no deadline.
"""

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from services.review.models import Case
from services.review.models.cases import NOT_DUE
from services.review.models.states import CaseState, ReminderKind
from shared import calendar
from shared.profile import Profile


class Due(NamedTuple):
    """A deadline as a list shows it. `share` is the part of its time that has passed; `tone` is
    late, soon, held or "".
    """

    text: str
    share: float
    tone: str
    step: str


NEXT_STEPS = {
    CaseState.TRIAGE: "Talk with the proposer",
    CaseState.DECISION_DRAFT: "Send the letter",
    CaseState.DEFERRED: "Reopens automatically",
    CaseState.ACCEPTED: "Call or email the proposer to plan",
}


class Reminder(NamedTuple):
    """A day on which the office is reminded of a promise."""

    on: date
    kind: ReminderKind
    promise: str  # first_reply, meeting, decision
    due: date

    @property
    def key(self) -> str:
        """Identifies the reminder; a promise that was moved gets new ones."""
        return f"{self.kind} {self.promise} {self.due}"


def reminders(case: Case, *, profile: Profile) -> list[Reminder]:
    """All reminders of promises that are still open, sent or not, by day."""
    planned = []
    for promise in _open_promises(case):
        due = getattr(case, f"{promise}_by")
        # Remind when a fifth of the promised days is left.
        left = int(profile.promises[promise]["days"]) // 5
        near = calendar.subtract_working_days(profile, due, left)
        passed = calendar.add_working_days(profile, due, 1)
        planned += [
            Reminder(near, ReminderKind.NEAR, promise, due),
            Reminder(passed, ReminderKind.PASSED, promise, due),
        ]
    return sorted(planned)


def next_reminder_on(case: Case, *, profile: Profile) -> date | None:
    """The day of the first reminder that was not sent yet."""
    planned = reminders(case, profile=profile)
    return min((each.on for each in planned if each.key not in case.warned), default=None)


def _open_promises(case: Any) -> tuple[str, ...]:
    if case.state == CaseState.TRIAGE:
        later = ("meeting", "decision")
        return later if case.first_reply_at else ("first_reply", *later)
    return ("decision",) if case.state == CaseState.DECISION_DRAFT else ()


def next_due_on(case: Case) -> date:
    """The day on which the next step is due; NOT_DUE without one."""
    if case.state == CaseState.DEFERRED and case.deferred_until:
        return case.deferred_until
    promises = _open_promises(case)
    day: date = getattr(case, f"{promises[0]}_by") if promises else NOT_DUE
    return day


def next_step(case: Any) -> str:
    """The next step of the office; "" for a closed case."""
    if case.state == CaseState.TRIAGE and case.owner_id is None:
        # An owner is what was promised first. Without one later, the talk is due as well.
        return "Assign an owner and talk" if case.first_reply_at else "Assign an owner"
    return NEXT_STEPS.get(case.state, "")


def due_status(case: Any, *, profile: Profile, today: date) -> Due:
    """The deadline of this case, seen from `today` (a local day of the institution)."""
    if case.state == CaseState.DEFERRED and case.deferred_until:
        return Due(
            f"on hold until {_short(case.deferred_until, today)}", 0, "held", next_step(case)
        )
    promises = _open_promises(case)
    if case.due_on == NOT_DUE or not promises:
        return Due("", 0, "", next_step(case))
    # Count back from the deadline: a reopened case has new ones.
    total = max(int(profile.promises[promises[0]]["days"]), 1)
    left = min(_working_days(profile, today, case.due_on), total)
    text, tone = _due_text(profile, case.due_on, today)
    return Due(text, 1 - left / total, tone, next_step(case))


def _due_text(profile: Profile, day: date, today: date) -> tuple[str, str]:
    if day < today:
        late = max(_working_days(profile, day, today), 1)
        return ("1 day late" if late == 1 else f"{late} days late"), "late"
    if day == today:
        return "today", "soon"
    if _working_days(profile, today, day) <= 1:
        return ("tomorrow" if (day - today).days == 1 else _short(day, today)), "soon"
    return _short(day, today), ""


@lru_cache(maxsize=4096)
def _working_days(profile: Profile, start: date, end: date) -> int:
    """The number of working days after `start` up to `end`, counted up to 400 days ahead."""
    days = range(start.toordinal() + 1, min(end.toordinal(), start.toordinal() + 400) + 1)
    return sum(calendar.is_working_day(profile, date.fromordinal(day)) for day in days)


def _short(day: date, today: date) -> str:
    """Like "Wed, Dec 2", with the year if it is not this year."""
    year = f", {day.year}" if day.year != today.year else ""
    return f"{day:%a}, {day:%b} {day.day}{year}"
