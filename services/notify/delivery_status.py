"""The state of a mail: each change raises its version and is announced, in this one place."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import Session

from services.notify.mail_table import locked
from services.notify.models import Mail
from services.notify.models.states import MailState
from shared import db, logs, outbox
from shared.tables import now

log = logs.logger(__name__)

CHANNEL = "mails"  # wakes the sender
TRIAL_MODE = "Trial mode:"  # how the reason begins of a mail that it keeps back
ANNOUNCE_AFTER = timedelta(seconds=3)
ANNOUNCED_COLUMNS = ("id", "version", "proposal_id", "kind", "dedupe_key", "state", "changed_at")


def enqueue(session: Session, mail: Mapping[str, Any]) -> None:
    """Wake the sender for this new mail. "queued" is announced only if the mail has to wait.

    Nearly every mail is sent within a second, and its "sent" is then the only news.
    """
    db.notify(session, channel=CHANNEL)
    line = {"mail_id": str(mail["id"]), "kind": mail["kind"]}
    db.after_commit(session, partial(logs.here(log).info, "mail queued", **line))


def announce_waiting(session: Session) -> int:
    """Announce mails that are still queued, each once; return how many."""
    count = 0
    for mail in locked(session, *_UNANNOUNCED, Mail.created_at <= now() - ANNOUNCE_AFTER):
        change_state(session, mail, state=MailState.QUEUED)
        count += 1
    return count


# Worded like its own index, without the state: with empty statistics PostgreSQL would take the
# index of all waiting mails and filter every one of them.
_UNANNOUNCED = (
    Mail.version == bindparam(None, 0, literal_execute=True),
    Mail.lease_token.is_(None),
)


def change_state(
    session: Session, mail: Mail, *, state: str, reason: str | None = None, **more: Any
) -> None:
    """Bring the mail into a state of the vocabulary and announce it; `more` as for `announce`."""
    mail.state = state
    mail.version += 1
    mail.changed_at = now()
    announce(session, mail, reason=reason, **more)


def announce(
    session: Session, mail: Any, *, reason: str | None = None, reply: str = "", **flags: bool
) -> None:
    """Announce the state of the mail, and wake the sender for a queued one. `reason` is one plain
    sentence or the server's reply. `mail` is a mail or a row with ANNOUNCED_COLUMNS. `flags` are
    the optional fields of the event: kept_back, suppressed, released. `reply` is the server's
    answer to a mail that it took, for the log.
    """
    outbox.add(session, "mail.changed.v1", _data(mail, reason=reason) | flags)
    if mail.state == MailState.QUEUED:
        db.notify(session, channel=CHANNEL)
    line = {"mail_id": str(mail.id), "kind": mail.kind, "state": mail.state}
    line["reason"] = reason or reply
    db.after_commit(session, partial(logs.here(log).info, "mail changed", **line))


def tell_again(session: Session, mail: Mail, **flags: bool) -> None:
    """Announce the state of a mail as it was announced before, for a service that has lost it."""
    data = _data(mail, reason=mail.last_reply) | flags
    if (mail.last_reply or "").startswith(TRIAL_MODE):
        data["kept_back"] = True
    outbox.add(session, "mail.changed.v1", data, at=mail.changed_at)


def _data(mail: Any, *, reason: str | None) -> dict[str, Any]:
    return {
        "mail_id": mail.id,
        "version": mail.version,
        "proposal_id": mail.proposal_id,
        "kind": mail.kind,
        "cause": mail.dedupe_key,
        "state": mail.state,
        "reason": reason,
        "changed_at": mail.changed_at,
    }
