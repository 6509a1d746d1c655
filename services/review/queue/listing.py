"""The queue: cases by due day, then by age, a page at a time.

Pages go by key (due day, submission, id) and never by offset, so that no row appears twice or
vanishes when cases move between two pages. The cost does not grow with the number of cases: every
filter has an index in this order, and counts stop at COUNT_LIMIT.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from services.review.cases.visibility import has_conflict, visible_to
from services.review.models import Case, CaseFlag, Staff
from services.review.models.states import OPEN, OVER, WITH_US
from services.review.queue import search

PAGE_SIZE = 25
COUNT_LIMIT = 1000  # a tab shows more than that as "1,000+"
MAX_SEARCH = 200  # characters
CLOSED = OVER[:-1]  # without erased cases, which nobody sees
STATES = (*OPEN, *CLOSED)
TABS = ("open", "mine", *STATES, "all")
UNASSIGNED = "nobody"
DUE = ("ours", "late")  # the next step is the office's; and its day has passed

# Only what a row of the list shows: loading the long texts would be slow.
COLUMNS = (
    *(Case.id, Case.reference, Case.state, Case.branch, Case.office, Case.owner_id),
    *(Case.title, Case.organization, Case.people, Case.submitted_at, Case.changed_at),
    *(Case.due_on, Case.deferred_until, Case.first_reply_at),
    *(Staff.name.label("owner_name"), Staff.active.label("owner_active")),
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(\d{4}-\d\d-\d\d)~(\d{1,17})~([0-9a-f]{32})")


class BadCursor(ValueError):
    """A cursor that no page has given out."""


class Filters(NamedTuple):
    """The filters of a list; "" is no filter. `owner`: an id or UNASSIGNED; `due`: one of DUE."""

    tab: str = "open"
    q: str = ""
    owner: str = ""
    office: str = ""
    branch: str = ""
    flag: str = ""
    due: str = ""


class Page(NamedTuple):
    """Rows of COLUMNS, their flags by case id, and the cursors of the pages before and after, ""
    without such a page.
    """

    cases: list[Any]
    flags: dict[UUID, list[str]]
    newer: str
    older: str


class AtLeast(int):
    """A count that hit the limit."""

    def __format__(self, how: str) -> str:
        return f"{int(self):{how}}+"


def page(  # noqa: PLR0913 - filters, day, and cursors
    session: Session,
    member: Staff,
    filters: Filters,
    *,
    today: date,
    after: str = "",
    before: str = "",
) -> Page:
    """One page of the cases that this person may see. Raises BadCursor."""
    query = select(*COLUMNS).outerjoin(Staff, Staff.id == Case.owner_id)
    query = query.where(visible_to(member), *_conditions(filters, member, today))
    query = query.where(*search.not_by_hidden_people(member, filters.q))
    place: list[Any] = [Case.due_on, Case.submitted_at, Case.id]
    if filters.flag:
        query = query.join(CaseFlag, CaseFlag.case_id == Case.id)
        query = query.where(CaseFlag.flag == filters.flag)
        place = [CaseFlag.due_on, CaseFlag.submitted_at, CaseFlag.case_id]
    if before:
        query = query.where(tuple_(*place) < _place(before))
    elif after:
        query = query.where(tuple_(*place) > _place(after))
    query = query.order_by(*search.order_by(place, backwards=bool(before))).limit(PAGE_SIZE + 1)
    rows = search.matching_rows(session, query, filters.q, backwards=bool(before))
    has_more = len(rows) > PAGE_SIZE
    cases = list(rows[:PAGE_SIZE][::-1] if before else rows[:PAGE_SIZE])
    has_newer = has_more if before else bool(after)
    has_older = bool(before) or has_more
    return Page(
        cases,
        _flags(session, cases, member),
        cursor(cases[0]) if cases and has_newer else "",
        cursor(cases[-1]) if cases and has_older else "",
    )


def count(session: Session, member: Staff, filters: Filters, *, today: date) -> int:
    """How many cases this list has for this person, without the search; AtLeast at the limit."""
    cases = select(literal(1).label("one")).select_from(Case)
    cases = cases.where(visible_to(member), *_conditions(filters, member, today))
    limited = cases.limit(COUNT_LIMIT + 1).subquery()
    return _capped(session.scalar(select(func.count()).select_from(limited)) or 0)


def counts(session: Session, member: Staff) -> dict[str, int]:
    """How many cases each tab has for this person; AtLeast at the limit."""
    tabs = ("mine", *STATES)
    viewer = CountsViewer(member.id, member.office, member.role)
    rows: Any = session.execute(_counts_statement(tabs, viewer))
    numbers: dict[str, int] = {tab: 0 for tab in tabs} | {tab: _capped(n) for tab, n in rows}
    return {
        **numbers,
        "open": _sum(numbers[state] for state in OPEN),
        "all": _sum(numbers[state] for state in STATES),
    }


class CountsViewer(NamedTuple):
    """The part of a staff account that decides which cases they see; hashable."""

    id: UUID
    office: str | None
    role: str


@lru_cache(maxsize=256)
def _counts_statement(tabs: tuple[str, ...], viewer: CountsViewer) -> Any:
    """Counts all tabs at once. Cached: building it takes as long as running it."""
    return union_all(*(_count_statement(tab, viewer) for tab in tabs))


def _count_statement(tab: str, viewer: CountsViewer) -> Any:
    cases = select(literal(1).label("one")).select_from(Case)
    cases = cases.where(visible_to(viewer), *_tab(tab, viewer))
    limited = cases.limit(COUNT_LIMIT + 1).subquery()
    return select(literal(tab).label("tab"), func.count()).select_from(limited)


def _capped(number: int) -> int:
    return AtLeast(COUNT_LIMIT) if number > COUNT_LIMIT else number


def _sum(counts: Iterable[int]) -> int:
    """If any count hit the limit, the sum has hit it too."""
    return _capped(sum(count + isinstance(count, AtLeast) for count in counts))


def cursor(case: Any) -> str:
    """The place of a case in the order, where the next page starts."""
    micros = (case.submitted_at - _EPOCH) // timedelta(microseconds=1)
    return f"{case.due_on.isoformat()}~{micros}~{case.id.hex}"


def _place(text: str) -> Any:
    match = _CURSOR.fullmatch(text) if text.isascii() else None
    try:
        if match is None:
            raise ValueError
        day = date.fromisoformat(match[1])
        moment = _EPOCH + timedelta(microseconds=int(match[2]))
        identity = UUID(match[3])
    except (ValueError, OverflowError):
        raise BadCursor("Use a link of the previous page.") from None
    return tuple_(
        literal(day, Case.due_on.type),
        literal(moment, Case.submitted_at.type),
        literal(identity, Case.id.type),
    )


def _flags(session: Session, cases: Sequence[Any], member: Staff) -> dict[UUID, list[str]]:
    """The flags by case; none of a case on which this person is listed."""
    flags: dict[UUID, list[str]] = {case.id: [] for case in cases}
    shown = [case.id for case in cases if not has_conflict(case, member)]
    query = select(CaseFlag.case_id, CaseFlag.flag).where(CaseFlag.case_id.in_(shown))
    for case_id, flag in session.execute(query.order_by(CaseFlag.case_id, CaseFlag.place)):
        flags[case_id].append(flag)
    return flags


def _conditions(filters: Filters, member: Staff, today: date) -> list[ColumnElement[bool]]:
    conditions = _tab(filters.tab, member)
    if filters == Filters(filters.tab) and filters.tab in STATES:
        # With a constant PostgreSQL would choose the index of open cases, and most do not match.
        conditions = [Case.state == select(literal(filters.tab)).scalar_subquery()]
    if filters.due:
        conditions.append(Case.state.in_(WITH_US))
    if filters.due == "late":
        conditions.append(Case.due_on < today)
    if filters.owner == UNASSIGNED:
        conditions.append(Case.owner_id.is_(None))
    elif filters.owner:
        conditions.append(Case.owner_id == UUID(filters.owner))
    if filters.office:
        conditions.append(Case.office == filters.office)
    if filters.branch:
        conditions.append(Case.branch == filters.branch)
    return conditions


def _tab(tab: str, member: Staff | CountsViewer) -> list[ColumnElement[bool]]:
    if tab == "all":
        return []
    if tab == "mine":
        return [_OPEN, Case.owner_id == member.id]
    return [_OPEN if tab == "open" else Case.state == tab]


# Literally the condition of the partial indexes on open cases: a database uses them only for the
# same text. `NOT IN` suits no other index, so the planner is not tempted to sort.
_OPEN = Case.state.not_in(bindparam("over", OVER, expanding=True, literal_execute=True))
