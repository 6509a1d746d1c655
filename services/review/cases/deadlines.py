"""When our next step is due, and how near that is: the ring, the date, the word beside it.

Promises to the proposer are the clock of the office: until somebody has replied the first reply,
then the conversation, then the decision. What waits for a date or is closed has no step due.
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
    """What a list shows. `share`: of the time used, 0 to 1. `tone`: late, soon, held or ""."""

    text: str
    share: float
    tone: str
    step: str


NEXT_STEPS = {
    CaseState.TRIAGE: "Talk with them",
    CaseState.DECISION_DRAFT: "Release the decision",
    CaseState.DEFERRED: "Wakes up by itself",
    CaseState.ACCEPTED: "Plan it with them",
}


class Reminder(NamedTuple):
    """A day on which we are told that a promise is near its end or has passed it."""

    on: date
    kind: ReminderKind
    promise: str  # first_reply, meeting, decision
    due: date

    @property
    def key(self) -> str:
        """The same promise for another day is another promise."""
        return f"{self.kind} {self.promise} {self.due}"


def reminders(case: Case, *, profile: Profile) -> list[Reminder]:
    """What the clock has to say about the promises that are not kept, told or not, by day."""
    found = []
    for promise in _open_promises(case):
        due = getattr(case, f"{promise}_by")
        # 80 % of the time is used when a fifth of the promised days is left.
        left = int(profile.promises[promise]["days"]) // 5
        near = calendar.subtract_working_days(profile, due, left)
        passed = calendar.add_working_days(profile, due, 1)
        found += [
            Reminder(near, ReminderKind.NEAR, promise, due),
            Reminder(passed, ReminderKind.PASSED, promise, due),
        ]
    return sorted(found)


def next_reminder_on(case: Case, *, profile: Profile) -> date | None:
    """The day of the first of them of which nobody was told."""
    waiting = [one.on for one in reminders(case, profile=profile) if one.key not in case.warned]
    return min(waiting, default=None)


def _open_promises(case: Any) -> tuple[str, ...]:
    if case.state == CaseState.TRIAGE:
        rest = ("meeting", "decision")
        return rest if case.first_reply_at else ("first_reply", *rest)
    return ("decision",) if case.state == CaseState.DECISION_DRAFT else ()


def next_due_on(case: Case) -> date:
    """The day on which our next step is due; NOT_DUE while none is."""
    if case.state == CaseState.DEFERRED and case.deferred_until:
        return case.deferred_until
    promised = _open_promises(case)
    day: date = getattr(case, f"{promised[0]}_by") if promised else NOT_DUE
    return day


def next_step(case: Any) -> str:
    """What we do next; "" for what is closed."""
    if case.state == CaseState.TRIAGE and case.owner_id is None:
        return "Take it and reply"
    if case.state == CaseState.TRIAGE and case.first_reply_at is None:
        return "Reply"
    return NEXT_STEPS.get(case.state, "")


def due_status(case: Any, *, profile: Profile, today: date) -> Due:
    """The clock of this case as it stands today (a local day of the institution)."""
    if case.state == CaseState.DEFERRED and case.deferred_until:
        return Due(
            f"on hold until {_short(case.deferred_until, today)}", 0, "held", next_step(case)
        )
    promised = _open_promises(case)
    if case.due_on == NOT_DUE or not promised:
        return Due("", 0, "", next_step(case))
    # From the end, not from the day of sending: a case that is opened again has new dates.
    whole = max(int(profile.promises[promised[0]]["days"]), 1)
    left = min(_working_days(profile, today, case.due_on), whole)
    text, tone = _due_text(profile, case.due_on, today)
    return Due(text, 1 - left / whole, tone, next_step(case))


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
    """How many working days lie after `start` up to `end`; 400 at most are counted."""
    days = range(start.toordinal() + 1, min(end.toordinal(), start.toordinal() + 400) + 1)
    return sum(calendar.is_working_day(profile, date.fromordinal(day)) for day in days)


def _short(day: date, today: date) -> str:
    """Like "Wed, Dec 2"; the year follows if it is another."""
    year = f", {day.year}" if day.year != today.year else ""
    return f"{day:%a}, {day:%b} {day.day}{year}"
