"""Simulate when cases arrive and what happens to them: assigned, discussed, decided, reopened.

A case is simulated until the last day, so open cases look as in a real office: new, being read,
with a drafted letter, and a few overdue.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache, partial
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from infra.tools.load_data import wording
from shared import calendar
from shared.profile import Profile

YEARS = 6
NEWEST = 75  # most cases of the last weeks, so that open cases stay few
WEEKS = 6
SEASON = (12, 11, 10, 9, 7, 5, 4, 7, 13, 12, 9, 4)  # January to December
WEEKDAY = (20, 19, 18, 17, 14, 5, 4)
ENDS = {"accept": 60, "decline": 31, "defer": 9}
PUBLIC = {"accept": "accepted", "decline": "not_now", "defer": "on_hold"}
STATES = {"accept": "accepted", "decline": "declined", "defer": "deferred"}
PUBLISHED = ("received", "held_back", "withdrawn", "take", "write", "reopen", "wake", *ENDS)


class Member(NamedTuple):
    """A member of the staff."""

    id: Any
    name: str
    role: str
    office: str | None


class Action(NamedTuple):
    at: datetime
    action: str
    by: Member | None
    was: str | None
    now: str
    reason: str = ""


@dataclass
class Decision:
    """A letter, drafted and perhaps released."""

    kind: str
    drafted_by: Member
    drafted_at: datetime
    reason: str | None
    until: date | None = None
    released_by: Member | None = None
    released_at: datetime | None = None


@dataclass
class Life:
    """The history of a case until the last day."""

    at: datetime
    first_promises: dict[str, date]
    promises: dict[str, date]
    """The current ones: a reopened case gets new dates, its proposal keeps the first."""
    state: str = "triage"
    label: str = "received"
    owner: Member | None = None
    first_reply_at: datetime | None = None
    outcome: str | None = None
    deferred_until: date | None = None
    actions: list[Action] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def publications(self) -> int:
        """How often review has published the case to intake."""
        return sum(done.action in PUBLISHED for done in self.actions)


class Office(NamedTuple):
    """The profile and the staff, and the end of the simulated time."""

    profile: Profile
    members: list[Member]
    now: datetime

    def workers(self, office: str, *, leads: bool = False) -> list[Member]:
        """The staff who work on cases of this office, or those who decide them."""
        roles = ("lead", "director") if leads else ("triage", "assessor")
        return [one for one in self.members if one.role in roles and one.office in (None, office)]


def arrivals(office: Office, number: int, *, random: Random) -> list[datetime]:
    """When each case arrives, the oldest first: more in fall and winter, few on a Sunday."""
    last = calendar.local_day(office.profile, office.now)
    newest = min(NEWEST, number // 4)
    before = last - timedelta(weeks=WEEKS)
    days = [before - timedelta(days=back) for back in range(YEARS * 365)]
    weights = [SEASON[day.month - 1] * WEEKDAY[day.weekday()] for day in days]
    came = random.choices(days, weights, k=number - newest)
    came += [before + timedelta(days=random.randint(1, WEEKS * 7)) for _ in range(newest)]
    moments = [_moment(office.profile, day, random, hours=(7, 22)) for day in came]
    return sorted(min(moment, office.now - timedelta(minutes=5)) for moment in moments)


def simulate(office: Office, at: datetime, *, where: str, random: Random) -> Life:
    """The history of a case that arrived at this time in the office with this value."""
    promised = _promises(office.profile, calendar.local_day(office.profile, at))
    life = Life(at, promised, promised)
    if random.random() < 0.015:
        life.state = "quarantined"
        _record(life, at, "held_back", None)
        return life
    _record(life, at, "received", None)
    for moment in _story(office, life, where, random):
        if moment > office.now:
            break
    return life


def _story(office: Office, life: Life, where: str, random: Random) -> Iterator[datetime]:
    """Yield the time of each next action; resuming the generator performs it."""
    by = random.choice(office.workers(where) or office.members)
    later = partial(_later, office.profile, random)
    yield (at := later(life.at, 0, 3 if random.random() < 0.97 else 7))
    _take(life, at, by)
    if random.random() < 0.75:
        yield (at := later(at, 1, 5))
        _record(life, at, "write", by)
        if random.random() < 0.4:
            yield (at := later(at, 1, 3))
            _record(life, at, "post_received", None)
    if random.random() < 0.05:
        yield (at := later(at, 1, 5))
        _withdraw(life, at)
        return
    if random.random() < 0.0004:
        return  # forgotten
    yield from _decided(office, life, by, where, random)


def _decided(
    office: Office, life: Life, by: Member, where: str, random: Random
) -> Iterator[datetime]:
    later, at = partial(_later, office.profile, random), life.actions[-1].at
    while True:
        kind = random.choices(list(ENDS), list(ENDS.values()))[0]
        yield (at := later(at, 3, 12))
        decision = Decision(kind, by, at, _reason(office, kind, random))
        _draft(life, decision, random)
        lead = random.choice([one for one in office.workers(where, leads=True) if one != by])
        yield (at := later(at, 0, 4))
        _release(life, decision, at, lead)
        if decision.until:
            waking = time(11, random.randint(0, 59), tzinfo=UTC)
            yield (at := datetime.combine(decision.until, waking))
            _reopen(office, life, at, Action(at, "wake", None, None, "triage"))
        elif kind == "decline" and random.random() < 0.02:
            yield (at := later(at, 10, 60))
            why = random.choice(wording.of("en")["reopened"])
            _reopen(office, life, at, Action(at, "reopen", lead, None, "triage", why))
        else:
            return


def _later(profile: Profile, random: Random, since: datetime, least: int, most: int) -> datetime:
    """Some working days later, at least twenty minutes."""
    day = _add(profile, calendar.local_day(profile, since), random.randint(least, most))
    return max(_moment(profile, day, random), since + timedelta(minutes=20))


def _record(life: Life, at: datetime, action: str, by: Member | None, **fields: str) -> None:
    now = fields.get("now", life.state)
    was = life.state if life.actions else None
    life.actions.append(Action(at, action, by, was, now, fields.get("reason", "")))
    life.state = now


def _take(life: Life, at: datetime, by: Member) -> None:
    _record(life, at, "take", by)
    life.owner, life.first_reply_at, life.label = by, at, "being_read"


def _withdraw(life: Life, at: datetime) -> None:
    _record(life, at, "withdrawn", None, now="withdrawn")
    life.label = "withdrawn"


def _draft(life: Life, decision: Decision, random: Random) -> None:
    at, kind = decision.drafted_at, decision.kind
    _record(life, at, "draft", decision.drafted_by, now="decision_draft", reason=kind)
    if kind == "defer":
        decision.until = at.date() + timedelta(days=random.randint(60, 300))
    life.decisions.append(decision)


def _release(life: Life, decision: Decision, at: datetime, by: Member) -> None:
    kind = decision.kind
    _record(life, at, kind, by, now=STATES[kind])
    decision.released_by, decision.released_at = by, at
    life.deferred_until = decision.until
    life.outcome, life.label = STATES[kind], PUBLIC[kind]


def _reopen(office: Office, life: Life, at: datetime, done: Action) -> None:
    """Reopen with new dates for meeting and decision; the date of the first reply stays."""
    _record(life, at, done.action, done.by, now=done.now, reason=done.reason)
    promised = _promises(office.profile, calendar.local_day(office.profile, at))
    life.promises = {**promised, "first_reply_by": life.promises["first_reply_by"]}
    life.outcome, life.deferred_until, life.label = None, None, "being_read"


def _reason(office: Office, kind: str, random: Random) -> str | None:
    """A reason for which the profile has a wording."""
    fitting = [one for one in office.profile.reasons if kind in one["letters"] and "wording" in one]
    return str(random.choice(fitting)["value"]) if fitting and kind != "accept" else None


def _moment(
    profile: Profile, day: date, random: Random, *, hours: tuple[int, int] = (8, 17)
) -> datetime:
    first, last = hours
    seconds = int(random.random() * (last - first) * 3600)
    local = datetime.combine(day, time(first), ZoneInfo(profile.time_zone))
    return local.astimezone(UTC) + timedelta(seconds=seconds, microseconds=seconds * 7 % 1_000_000)


@lru_cache(4096)
def _promises(profile: Profile, day: date) -> dict[str, date]:
    noon = datetime.combine(day, time(12), ZoneInfo(profile.time_zone))
    return dict(calendar.promises(profile, noon))  # type: ignore[arg-type]


@lru_cache(65536)
def _add(profile: Profile, day: date, days: int) -> date:
    return calendar.add_working_days(profile, day, days)
