"""Mailboxes to which we no longer send, because a server said that they do not exist.

Mail servers distrust a sender who keeps writing to such addresses. A person releases an address
once it works again, on the page of a case or by a command.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from services.notify import delivery_status
from services.notify.models import Mail, Suppression
from services.notify.models.states import MailState
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


def release(session: Session, *, address: str, reason: str, mail: Mail | None = None) -> bool:
    """Allow mail to this mailbox again. False if it was allowed before.

    `mail`, or else the last mail that the mailbox did not get, is announced as released: its
    service asks for it again, because our copy has no links any more.
    """
    folded = address.casefold()
    row = delete(Suppression).where(Suppression.address == folded)
    found = session.scalar(row.returning(Suppression.address)) is not None
    if found and mail is None:
        mail = _last_missed(session, folded)
    if mail is not None:
        flags = {"suppressed": False, "released": True}
        delivery_status.change_state(session, mail, state=mail.state, reason=reason, **flags)
    return found


def _last_missed(session: Session, folded: str) -> Mail | None:
    missed = select(Mail).where(
        func.lower(Mail.recipient) == folded,
        Mail.state.in_((MailState.FAILED, MailState.BOUNCED)),
    )
    return session.scalar(missed.order_by(Mail.changed_at.desc()).limit(1))


def forget(session: Session, *, addresses: Collection[str]) -> None:
    """Delete these mailboxes, for the erasure of a person."""
    folded = [address.casefold() for address in addresses]
    session.execute(delete(Suppression).where(Suppression.address.in_(folded)))
