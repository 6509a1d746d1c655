"""Mailboxes to which we no longer send, because a server said that they do not exist.

Mail servers distrust a sender who keeps writing to such addresses. A person releases an address
once it works again.
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
    """Suppress this mailbox; a reason that is there already is kept."""
    row = {"address": address.casefold(), "reason": reason, "mail_id": mail_id, "since": now()}
    if db.insert_new(session, Suppression, values=row):
        log.warning("a mailbox is suppressed", mail_id=str(mail_id), reason=reason)


def find(session: Session, *, address: str) -> str | None:
    """Why this mailbox is suppressed; None where it is not."""
    return session.scalar(_REASON, {"address": address.casefold()})


_REASON = select(Suppression.reason).where(Suppression.address == bindparam("address"))


def all_suppressions(session: Session) -> list[Suppression]:
    """All suppressed mailboxes, oldest first."""
    return list(session.scalars(select(Suppression).order_by(Suppression.since)))


def release(session: Session, *, address: str) -> bool:
    """Allow mail to this mailbox again; False where it was not suppressed."""
    row = delete(Suppression).where(Suppression.address == address.casefold())
    return session.scalar(row.returning(Suppression.address)) is not None


def forget(session: Session, *, addresses: Collection[str]) -> None:
    """Delete these mailboxes, for the erasure of a person."""
    folded = [address.casefold() for address in addresses]
    session.execute(delete(Suppression).where(Suppression.address.in_(folded)))
