"""Which cases somebody may see, and how a page lays hands on one of them.

Somebody of one office sees the cases of that office. What a proposer asked to keep private is kept
from those who only read. A case that one may not see is not there.
"""

from typing import Protocol

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, joinedload

from services.review.models import Case, CaseFlag, Staff
from services.review.models.people import WORKERS, Role
from services.review.models.states import CaseState
from shared import references


class Stale(Exception):
    """Somebody else has done something with the case since the form was shown."""

    def __init__(self, case: Case):
        super().__init__("the case has changed")
        self.case = case


class Viewer(Protocol):
    """Somebody of the office, as far as it decides which cases she sees."""

    @property
    def office(self) -> str | None: ...
    @property
    def role(self) -> str: ...


def visible_to(member: Viewer) -> ColumnElement[bool]:
    """The condition that a case meets which this person may see."""
    conditions = [Case.state != CaseState.ERASED]
    if member.office is not None:
        conditions.append(Case.office == member.office)
    if member.role not in WORKERS:
        private = select(CaseFlag.case_id).where(CaseFlag.flag == "confidential")
        conditions.append(Case.id.not_in(private))
    return and_(*conditions)


def find(session: Session, member: Staff | None, *, typed: str) -> Case | None:
    """The case with this reference, if this person may see it.

    `typed` is the reference as somebody typed it. `member` is None for a command or a program with
    the API token: they see every case, erased ones too.
    """
    reference = references.parse(typed)
    if reference is None:
        return None
    query = select(Case).options(joinedload(Case.owner)).where(Case.reference == reference)
    return session.scalar(query if member is None else query.where(visible_to(member)))


def lock(session: Session, member: Staff, *, typed: str, revision: int) -> Case | None:
    """The same, locked for an act. Raises Stale if the case has changed since it was shown."""
    reference = references.parse(typed)
    if reference is None:
        return None
    query = select(Case).where(Case.reference == reference, visible_to(member))
    case = session.scalar(query.with_for_update())
    if case is not None and case.revision != revision:
        raise Stale(case)
    return case


def may_read_confidential(case: Case, *, member: Staff) -> bool:
    """Whether answers that were marked confidential are shown; an assessor must have the case."""
    if member.role == Role.ASSESSOR:
        return case.owner_id == member.id
    return member.role in WORKERS


def has_conflict(case: Case, member: Staff) -> bool:
    """Whether this person is listed on the proposal."""
    return member.email in {str(one["address"]).casefold() for one in case.people}
