"""Mailboxes to which nothing is sent any more: a server said that there is nobody there.

Who writes on to such addresses is soon taken for a nuisance by everybody's mail server. A person
releases an address once it is right again.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from services.notify.models import Suppression
from shared import db, logs
from shared.tables import now

log = logs.logger(__name__)


def add(session: Session, *, address: str, reason: str, mail_id: UUID | None) -> None:
    """From now on nothing goes to this mailbox; the first reason stands."""
    row = {"address": address.casefold(), "reason": reason, "mail_id": mail_id, "since": now()}
    if db.insert_new(session, Suppression, values=row):
        log.warning("a mailbox is suppressed", mail_id=str(mail_id), reason=reason)


def find(session: Session, *, address: str) -> str | None:
    """What stands against this mailbox: the reason."""
    return session.scalar(_STANDS, {"address": address.casefold()})


_STANDS = select(Suppression.reason).where(Suppression.address == bindparam("address"))


def all_suppressions(session: Session) -> list[Suppression]:
    """All of them, oldest first."""
    return list(session.scalars(select(Suppression).order_by(Suppression.since)))


def release(session: Session, *, address: str) -> bool:
    """Write to this mailbox again; False where nothing stood against it."""
    gone = delete(Suppression).where(Suppression.address == address.casefold())
    return session.scalar(gone.returning(Suppression.address)) is not None


def forget(session: Session, *, addresses: Collection[str]) -> None:
    """Whoever is forgotten is forgotten here too."""
    folded = [address.casefold() for address in addresses]
    session.execute(delete(Suppression).where(Suppression.address.in_(folded)))
