"""So many an hour: proposals from one address on the network, mails that strangers cause to one
mailbox.

Counted in rows, so that all processes count together; an hour later they count no more, and go.
"""

import hashlib
from datetime import timedelta
from functools import cache
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
from shared.tables import Moment, now

HOUR = timedelta(hours=1)

_COUNT: Any = inspect(RateLimitUse).local_table
_WINDOW = bindparam("since", type_=Moment)


class LimitedAct(NamedTuple):
    """What somebody is about to do, and how often an hour that may be."""

    what: str
    whose: str
    most: int

    @property
    def key(self) -> bytes:
        return hashlib.sha256(f"{self.what}\0{self.whose}".encode("utf-8", "replace")).digest()


def allow(session: Session, *acts: LimitedAct) -> list[bool]:
    """Whether each may be done once more within this hour; those that may, count. One statement."""
    at = now()
    given: dict[str, Any] = {"at": at, "since": at - HOUR}
    for number, act in enumerate(acts):
        given |= {f"whose_{number}": act.key, f"most_{number}": act.most}
    counted = set(session.scalars(_counting(len(acts)), given))
    return [act.key in counted for act in acts]


@cache
def _counting(number: int) -> Any:
    """A row for each of so many acts whose hour has room for one more."""
    rows = []
    for one in range(number):
        whose = bindparam(f"whose_{one}", type_=LargeBinary)
        done = select(func.count()).where(_COUNT.c.whose == whose, _COUNT.c.at > _WINDOW)
        room = done.scalar_subquery() < bindparam(f"most_{one}", type_=Integer)
        rows.append(select(whose, bindparam("at", type_=Moment)).where(room))
    put = insert(_COUNT).from_select(["whose", "at"], union_all(*rows))
    return put.returning(_COUNT.c.whose)


def delete_expired(session: Session) -> None:
    """Forget everybody whose hour is over."""
    session.execute(delete(RateLimitUse).where(RateLimitUse.at <= now() - HOUR))
