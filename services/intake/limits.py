"""So many an hour: proposals from one address on the network, mails that strangers cause to one
mailbox.

Counted in rows, so that all processes count together; an hour later they count no more, and go.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import (
    LargeBinary,
    ScalarSelect,
    Select,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from services.intake.models import Use
from shared.tables import Moment, now

HOUR = timedelta(hours=1)


class Act(NamedTuple):
    """What somebody is about to do, and how often an hour that may be."""

    what: str
    whose: str
    most: int

    @property
    def key(self) -> bytes:
        return hashlib.sha256(f"{self.what}\0{self.whose}".encode("utf-8", "replace")).digest()


def allow(session: Session, *acts: Act) -> list[bool]:
    """Whether each may be done once more within this hour; those that may, count. One statement."""
    at = now()
    rows = [_row(act, at).where(_done(act, since=at - HOUR) < act.most) for act in acts]
    put = insert(Use).from_select(["whose", "at"], union_all(*rows)).returning(Use.whose)
    counted = set(session.scalars(put))
    return [act.key in counted for act in acts]


def _row(act: Act, at: datetime) -> Select[bytes, datetime]:
    return select(literal(act.key, LargeBinary), literal(at, Moment))


def _done(act: Act, *, since: datetime) -> ScalarSelect[int]:
    mine = select(func.count()).where(Use.whose == act.key, Use.at > since)
    return mine.scalar_subquery()


def purge(session: Session) -> None:
    """Forget everybody whose hour is over."""
    session.execute(delete(Use).where(Use.at <= now() - HOUR))
