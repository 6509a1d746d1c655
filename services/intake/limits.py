"""So many an hour: proposals from one address on the network, mails that strangers cause to one
mailbox.

Counted in rows, so that all processes count together; an hour later the rows go.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from services.intake.models import Use
from shared.tables import now

HOUR = timedelta(hours=1)


def allow(session: Session, what: str, *, whose: str, most: int) -> bool:
    """Whether it may be done once more within this hour; if so, it counts."""
    key = hashlib.sha256(f"{what}\0{whose}".encode("utf-8", "replace")).digest()
    at = now()
    session.execute(delete(Use).where(Use.whose == key, Use.at <= at - HOUR))
    done = session.scalar(select(func.count()).select_from(Use).where(Use.whose == key)) or 0
    if done < most:
        session.add(Use(whose=key, at=at))
        session.flush()
    return done < most


def purge(session: Session) -> None:
    """Forget everybody whose hour is over."""
    session.execute(delete(Use).where(Use.at <= now() - HOUR))
