"""The queue: what is due first, then what is oldest, a page at a time.

Pages go by key (due day, day of sending, id) and never by offset: what moves while somebody reads
makes no row appear twice or vanish between two pages. Nothing here may cost more because there are
many cases: every filter has an index in this order, and counts stop at COUNTED.
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

from services.review.cases.visibility import visible_to
from services.review.models import Case, CaseFlag, Staff
from services.review.models.states import OPEN, OVER, WITH_US
from services.review.queue import search

PAGE_SIZE = 25
COUNT_LIMIT = 1000  # behind a tab; of more it says "1,000+"
MAX_SEARCH = 200  # characters
CLOSED = OVER[:-1]  # nobody sees what is erased
STATES = (*OPEN, *CLOSED)
TABS = ("open", "mine", *STATES, "all")
UNASSIGNED = "nobody"
DUE = ("ours", "late")  # waits for us; and so since yesterday or longer

# What a row of the list shows, and nothing else: the long texts stay where they are.
COLUMNS = (
    *(Case.id, Case.reference, Case.state, Case.branch, Case.office, Case.owner_id),
    *(Case.title, Case.organization, Case.people, Case.submitted_at, Case.changed_at),
    *(Case.due_on, Case.deferred_until, Case.first_reply_at),
    Staff.name.label("owner_name"),
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(\d{4}-\d\d-\d\d)~(\d{1,17})~([0-9a-f]{32})")


class BadCursor(ValueError):
    """A place between two pages that no page has named."""


class Filters(NamedTuple):
    """What somebody wants to see; "" is no wish. `owner` is an id, or NOBODY; `due` one of DUE."""

    tab: str = "open"
    q: str = ""
    owner: str = ""
    office: str = ""
    branch: str = ""
    flag: str = ""
    due: str = ""


class Page(NamedTuple):
    """The cases as plain rows of SHOWN, what rules raised about them by id, and the cursors of the
    pages before and after; "" at an end.
    """

    cases: list[Any]
    flags: dict[UUID, list[str]]
    newer: str
    older: str


class AtLeast(int):
    """A count that stopped: there are more."""

    def __format__(self, how: str) -> str:
        return f"{int(self):{how}}+"


def page(  # noqa: PLR0913 - what is wanted, on which day, and the place in it
    session: Session,
    member: Staff,
    filters: Filters,
    *,
    today: date,
    after: str = "",
    before: str = "",
) -> Page:
    """One page of what this person may see; `today` at the institution. Raises BadCursor."""
    query = select(*COLUMNS).outerjoin(Staff, Staff.id == Case.owner_id)
    query = query.where(visible_to(member), *_conditions(filters, member, today))
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
    found = search.matching_rows(session, query, filters.q, backwards=bool(before))
    more = len(found) > PAGE_SIZE
    cases = list(found[:PAGE_SIZE][::-1] if before else found[:PAGE_SIZE])
    there_is_newer = more if before else bool(after)
    there_is_older = bool(before) or more
    return Page(
        cases,
        _flags(session, cases),
        cursor(cases[0]) if cases and there_is_newer else "",
        cursor(cases[-1]) if cases and there_is_older else "",
    )


def count(session: Session, member: Staff, filters: Filters, *, today: date) -> int:
    """How many cases stand in this list for this person, without a search; AtLeast where counting
    stopped.
    """
    some = select(literal(1).label("one")).select_from(Case)
    some = some.where(visible_to(member), *_conditions(filters, member, today)).limit(
        COUNT_LIMIT + 1
    )
    return _capped(session.scalar(select(func.count()).select_from(some.subquery())) or 0)


def counts(session: Session, member: Staff) -> dict[str, int]:
    """How many cases stand behind each tab, for this person; AtLeast where counting stopped."""
    tabs = ("mine", *STATES)
    counted: Any = session.execute(
        _counting(tabs, CountsViewer(member.id, member.office, member.role))
    )
    found: dict[str, int] = {tab: 0 for tab in tabs} | {tab: _capped(n) for tab, n in counted}
    return {
        **found,
        "open": _sum(found[state] for state in OPEN),
        "all": _sum(found[state] for state in STATES),
    }


class CountsViewer(NamedTuple):
    """What of a person decides which cases she sees."""

    id: UUID
    office: str | None
    role: str


@lru_cache(maxsize=256)
def _counting(tabs: tuple[str, ...], member: CountsViewer) -> Any:
    """The statement that counts all tabs at once; making it would cost as much as asking it."""
    return union_all(*(_counted(tab, member) for tab in tabs))


def _counted(tab: str, member: CountsViewer) -> Any:
    some = select(literal(1).label("one")).select_from(Case)
    some = some.where(visible_to(member), *_tab(tab, member)).limit(COUNT_LIMIT + 1)
    return select(literal(tab).label("tab"), func.count()).select_from(some.subquery())


def _capped(number: int) -> int:
    return AtLeast(COUNT_LIMIT) if number > COUNT_LIMIT else number


def _sum(counted: Iterable[int]) -> int:
    """Of some of which one stopped is known only that it is more; a thousand says it as well."""
    return _capped(sum(one + isinstance(one, AtLeast) for one in counted))


def cursor(case: Any) -> str:
    """The place of a case in the order, so that a page can go on after it."""
    micros = (case.submitted_at - _EPOCH) // timedelta(microseconds=1)
    return f"{case.due_on.isoformat()}~{micros}~{case.id.hex}"


def _place(given: str) -> Any:
    found = _CURSOR.fullmatch(given) if given.isascii() else None
    try:
        if found is None:
            raise ValueError
        day = date.fromisoformat(found[1])
        moment = _EPOCH + timedelta(microseconds=int(found[2]))
        identity = UUID(found[3])
    except (ValueError, OverflowError):
        raise BadCursor("Go on from a link of the page before.") from None
    return tuple_(
        literal(day, Case.due_on.type),
        literal(moment, Case.submitted_at.type),
        literal(identity, Case.id.type),
    )


def _flags(session: Session, cases: Sequence[Any]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {case.id: [] for case in cases}
    raised = select(CaseFlag.case_id, CaseFlag.flag).where(CaseFlag.case_id.in_(found))
    for case_id, flag in session.execute(raised.order_by(CaseFlag.case_id, CaseFlag.place)):
        found[case_id].append(flag)
    return found


def _conditions(filters: Filters, member: Staff, today: date) -> list[ColumnElement[bool]]:
    wanted = _tab(filters.tab, member)
    if filters == Filters(filters.tab) and filters.tab in STATES:
        # Of a constant PostgreSQL sees that it is open, and then walks past all that is due before.
        wanted = [Case.state == select(literal(filters.tab)).scalar_subquery()]
    if filters.due:
        wanted.append(Case.state.in_(WITH_US))
    if filters.due == "late":
        wanted.append(Case.due_on < today)
    if filters.owner == UNASSIGNED:
        wanted.append(Case.owner_id.is_(None))
    elif filters.owner:
        wanted.append(Case.owner_id == UUID(filters.owner))
    if filters.office:
        wanted.append(Case.office == filters.office)
    if filters.branch:
        wanted.append(Case.branch == filters.branch)
    return wanted


def _tab(tab: str, member: Staff | CountsViewer) -> list[ColumnElement[bool]]:
    if tab == "all":
        return []
    if tab == "mine":
        return [_OPEN, Case.owner_id == member.id]
    return [_OPEN if tab == "open" else Case.state == tab]


# Written out as in the indexes of open cases: a database takes them only for the same words. What
# is not there leads to no other index, so that nothing has to be put in order first.
_OPEN = Case.state.not_in(bindparam("over", OVER, expanding=True, literal_execute=True))
