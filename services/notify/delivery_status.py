"""What becomes of a mail: each change counts its version up and tells the others, in one place."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from services.notify.models import Mail
from shared import db, logs, outbox
from shared.tables import now

log = logs.logger(__name__)

CHANNEL = "mails"  # wakes the sender
ANNOUNCE_AFTER = timedelta(seconds=3)
BATCH = 200
ANNOUNCED_COLUMNS = ("id", "version", "proposal_id", "kind", "dedupe_key", "state", "changed_at")


def enqueue(session: Session, mail: Mapping[str, Any]) -> None:
    """Have the sender take this new mail; nobody else hears of it unless it has to wait.

    Nearly every mail is gone within a second, and then its "sent" says all that there is to say.
    """
    db.notify(session, channel=CHANNEL)
    log.info("mail queued", mail_id=str(mail["id"]), kind=mail["kind"])


def announce_waiting(session: Session) -> int:
    """Tell of those that are still queued, once; return how many."""
    untold = (
        select(Mail)
        .where(*_UNANNOUNCED, Mail.created_at <= now() - ANNOUNCE_AFTER)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    mails = session.scalars(untold).all()
    for mail in mails:
        with logs.bound(mail.traceparent, mail_id=str(mail.id)):
            change_state(session, mail, state="queued")
    return len(mails)


# In the words of its index alone: of a queued mail PostgreSQL might take the index of all that wait
# and pass over each, as long as it believes that they are few.
_UNANNOUNCED = (
    Mail.version == bindparam(None, 0, literal_execute=True),
    Mail.lease_token.is_(None),
)


def change_state(session: Session, mail: Mail, *, state: str, reason: str | None = None) -> None:
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
