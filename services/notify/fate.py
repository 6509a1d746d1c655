"""What becomes of a mail: each change counts its version up and tells the others, in one place."""

from typing import Any

from sqlalchemy.orm import Session

from services.notify.models import Mail
from shared import db, logs, outbox
from shared.tables import now

log = logs.logger(__name__)

CHANNEL = "mails"  # wakes the sender
TOLD = ("id", "version", "proposal_id", "kind", "dedupe_key", "state", "changed_at")


def turn(session: Session, mail: Mail, *, state: str, reason: str | None = None) -> None:
    """Bring the mail into a state of the vocabulary and announce it."""
    mail.state = state
    mail.version += 1
    mail.changed_at = now()
    announce(session, mail, reason=reason)


def announce(
    session: Session, mail: Any, *, reason: str | None = None, kept_back: bool = False
) -> None:
    """Tell intake and review, and the sender of a queued one, how the mail stands; `reason` is one
    plain sentence or a server's. Of the mail, or a row of it, it needs what is TOLD."""
    outbox.add(
        session,
        "mail.changed.v1",
        {
            "mail_id": mail.id,
            "version": mail.version,
            "proposal_id": mail.proposal_id,
            "kind": mail.kind,
            "cause": mail.dedupe_key,
            "state": mail.state,
            "reason": reason,
            "changed_at": mail.changed_at,
            **({"kept_back": True} if kept_back else {}),
        },
    )
    if mail.state == "queued":
        db.notify(session, channel=CHANNEL)
    log.info("mail changed", mail_id=str(mail.id), kind=mail.kind, state=mail.state, reason=reason)
