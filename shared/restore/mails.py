"""What a service knows of the mails that it requested, told again to a notify that has lost them.

`table` is the projection of the mails in that service. A state that it knows is told as it is. A
request that nothing was heard of is told as "queued": notify holds it as unconfirmed if it does not
know the mail, because it may have been sent in the lost time.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared import outbox, strict_json
from shared.restore.announcements import Announced
from shared.tables import OutboxRow

KEPT_BACK = "kept_back"  # by trial mode; notify reports it as failed
NO_CAUSE = ""


def known_mails(table: Any) -> Announced:
    """The mails with a known state."""

    def keys(session: Session) -> Sequence[Any]:
        return session.scalars(select(table.mail_id).order_by(table.changed_at)).all()

    def tell(session: Session, mail_id: Any) -> None:
        mail = session.get_one(table, mail_id)
        state = {"state": mail.state}
        if mail.state == KEPT_BACK:
            state = {"state": "failed", "kept_back": True}
        names = ("mail_id", "proposal_id", "version", "kind", "cause", "reason", "changed_at")
        data = {name: getattr(mail, name) for name in names}
        if getattr(mail, "suppressed", False):
            data["suppressed"] = True
        outbox.add(session, "mail.changed.v1", data | state, at=mail.changed_at)

    return Announced("states of mails", keys, tell)


def is_unheard(data: dict[str, Any]) -> bool:
    """Whether this `mail.changed.v1` only says that the mail was requested; it is for notify."""
    return bool(data["cause"] == NO_CAUSE)


def unheard_mails(table: Any) -> Announced:
    """The requested mails that nothing was heard of."""

    def keys(session: Session) -> Sequence[Any]:
        heard = {str(mail_id) for mail_id in session.scalars(select(table.mail_id))}
        requests = select(OutboxRow.id, OutboxRow.thing).where(
            OutboxRow.event_type == "mail.requested.v1",
            OutboxRow.published_at.is_not(None),
            OutboxRow.remains.is_not(None),
        )
        rows = session.execute(requests.order_by(OutboxRow.id)).all()
        return [key for key, thing in rows if thing not in heard]

    return Announced("mails without a known state", keys, _tell_unheard)


def _tell_unheard(session: Session, key: Any) -> None:
    row = session.get_one(OutboxRow, key)
    kept: Any = strict_json.loads(row.remains or b"{}")
    request = kept["data"]
    data = {
        "mail_id": request["mail_id"],
        "version": 1,
        "proposal_id": request["proposal_id"],
        "kind": request["kind"],
        "cause": NO_CAUSE,
        "state": "queued",
        "reason": None,
        "changed_at": row.created_at,
    }
    outbox.add(session, "mail.changed.v1", data, at=row.created_at)
