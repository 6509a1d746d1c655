"""Which cases a colleague may see, and how a page finds or locks one of them.

A colleague with an office sees only its cases. Roles that only read do not see confidential cases.
Administrators see no case. A case that a colleague may not see does not exist for them.
"""

from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, false, select
from sqlalchemy.orm import Session, joinedload

from services.review.models import Case, CaseFlag, Staff
from services.review.models.people import WORKERS, Role
from services.review.models.states import CaseState
from shared import references
from shared.profile import Profile


class Stale(Exception):
    """The case has changed since the form was shown."""

    def __init__(self, reference: str):
        super().__init__("the case has changed")
        self.reference = reference


class Viewer(Protocol):
    """The part of a staff account that decides which cases they see."""

    @property
    def office(self) -> str | None: ...
    @property
    def role(self) -> str: ...


class HasPeople(Protocol):
    """A case, or its row in the queue."""

    @property
    def people(self) -> list[dict[str, Any]]: ...


def visible_to(member: Viewer) -> ColumnElement[bool]:
    """The SQL condition for cases that this person may see."""
    if member.role == Role.ADMIN:
        return false()
    conditions = [Case.state != CaseState.ERASED]
    if member.office is not None:
        conditions.append(Case.office == member.office)
    if member.role not in WORKERS:
        private = select(CaseFlag.case_id).where(CaseFlag.flag == "confidential")
        conditions.append(Case.id.not_in(private))
    return and_(*conditions)


def find(session: Session, member: Staff | None, *, typed: str) -> Case | None:
    """The case with this reference, if this person may see it.

    `typed` is the reference as typed. `member` is None for commands and for the API, which see
    every case, erased ones too.
    """
    reference = references.parse(typed)
    if reference is None:
        return None
    query = select(Case).options(joinedload(Case.owner)).where(Case.reference == reference)
    return session.scalar(query if member is None else query.where(visible_to(member)))


def lock(session: Session, member: Staff, *, typed: str, revision: int) -> Case | None:
    """Find a case and lock it for an action. Raises Stale if it is not at this revision anymore."""
    reference = references.parse(typed)
    if reference is None:
        return None
    query = select(Case).where(Case.reference == reference, visible_to(member))
    case = session.scalar(query.with_for_update())
    if case is not None and case.revision != revision:
        raise Stale(case.reference)
    return case


def may_read_confidential(case: Case, *, member: Staff) -> bool:
    """Whether this person may read confidential answers; an assessor must own the case."""
    if member.role == Role.ASSESSOR:
        return case.owner_id == member.id
    return member.role in WORKERS


def hides_people(profile: Profile, branch: str) -> bool:
    """Whether the answer that names the others on the proposal is confidential."""
    specs = profile.questions_for(branch)
    return any(spec["type"] == "people" and spec.get("confidential") for spec in specs)


def searches_everything(member: Staff) -> bool:
    """Whether this person may find a case by all its people, in every case that they see."""
    return member.role in WORKERS and member.role != Role.ASSESSOR


def has_conflict(case: HasPeople, member: Staff) -> bool:
    """Whether this person is listed on the proposal."""
    return member.email in {str(person["address"]).casefold() for person in case.people}
