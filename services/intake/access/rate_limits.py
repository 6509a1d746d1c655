"""Limits per hour: proposals and drafts from one network address, mails that strangers cause, by
mailbox, browser, network address and for the whole service.

Uses are rows, so that all processes count together. A row counts for an hour.
"""

import hashlib
from datetime import timedelta
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import (
    Integer,
    LargeBinary,
    bindparam,
    delete,
    func,
    insert,
    inspect,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from services.intake.models import RateLimitUse
from shared import db
from shared.tables import Moment, now

HOUR = timedelta(hours=1)

_COUNT: Any = inspect(RateLimitUse).local_table
_WINDOW = bindparam("since", type_=Moment)


class LimitedAct(NamedTuple):
    """An act, who acts (a network address or a mailbox), and how often an hour it is allowed."""

    name: str
    actor: str
    most: int

    @property
    def key(self) -> bytes:
        return hashlib.sha256(f"{self.name}\0{self.actor}".encode("utf-8", "replace")).digest()


def visitor_mails(most: int) -> LimitedAct:
    """A mail that a visitor causes, counted for the whole service."""
    return LimitedAct("visitor_mails", "", most)


def visitor_links(most: int) -> LimitedAct:
    """As `visitor_mails`, a mail with a link. The last quarter is left for receipts."""
    return visitor_mails(most - most // 4)


def is_full(session: Session, act: LimitedAct) -> bool:
    """Whether the act is not allowed once more this hour; counts nothing."""
    done = select(func.count()).where(_COUNT.c.whose == act.key, _COUNT.c.at > now() - HOUR)
    return bool((session.scalar(done) or 0) >= act.most)


def allow(session: Session, *acts: LimitedAct) -> list[bool]:
    """Whether each act is allowed once more this hour. The statement counts those that are."""
    return allow_groups(session, *((act,) for act in acts))


def allow_groups(session: Session, *groups: tuple[LimitedAct, ...]) -> list[bool]:
    """Whether each group is allowed once more this hour, which takes room for each of its acts.

    The statement counts all acts of a group or none, so that a limit counts only what is done.
    """
    acts = [act for group in groups for act in group]
    db.take_turns(session, *(act.key for act in acts))
    at = now()
    values: dict[str, Any] = {"at": at, "since": at - HOUR}
    for number, act in enumerate(acts):
        values |= {f"whose_{number}": act.key, f"most_{number}": act.most}
    allowed = set(session.scalars(_counting(*map(len, groups)), values))
    return [all(act.key in allowed for act in group) for group in groups]


@cache
def _counting(*sizes: int) -> Any:
    """Insert the uses of each group, of these sizes, whose acts are all below their limits."""
    rows, places = [], iter(range(sum(sizes)))
    for size in sizes:
        group = list(islice(places, size))
        room = [_room(place) for place in group]
        rows += [
            select(_whose(place), bindparam("at", type_=Moment)).where(*room) for place in group
        ]
    insertion = insert(_COUNT).from_select(["whose", "at"], union_all(*rows))
    return insertion.returning(_COUNT.c.whose)


def _whose(place: int) -> Any:
    return bindparam(f"whose_{place}", type_=LargeBinary)


def _room(place: int) -> Any:
    """Whether the act in this place is still below its limit."""
    done = select(func.count()).where(_COUNT.c.whose == _whose(place), _COUNT.c.at > _WINDOW)
    return done.scalar_subquery() < bindparam(f"most_{place}", type_=Integer)


def delete_expired(session: Session) -> None:
    """Delete the uses that no longer count."""
    session.execute(delete(RateLimitUse).where(RateLimitUse.at <= now() - HOUR))
