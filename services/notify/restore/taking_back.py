"""What nobody can know after a restore, and what partners know of the mails that notify lost.

A mail that was requested before the restore, or because of something that happened before, may have
been sent. It counts as unconfirmed, and a person decides; only a partner that knows what became of
a mail settles it at once.
"""

from typing import Any

from sqlalchemy.orm import Session

from services.notify import delivery_status, suppressions
from services.notify.mail_requests import PreparedMail
from services.notify.models import Mail
from services.notify.models.states import KeptText, MailState
from services.notify.restore.announcing import UNKNOWN
from shared import db, logs
from shared.mails.entry import OnDoubt
from shared.restore import restores
from shared.tables import now

_OPEN_STATES = (MailState.QUEUED, MailState.DEFERRED, MailState.UNCONFIRMED)


def in_doubt(
    session: Session, data: dict[str, Any], prepared: PreparedMail | None
) -> PreparedMail | None:
    """The mail of this request, unconfirmed if it may have been sent before the restore."""
    restore = restores.last(session)
    if prepared is None or restore is None or prepared.state != MailState.QUEUED:
        return prepared
    moments = [at for at in (restores.cause(session), data.get("happened_at")) if at]
    if not moments or min(moments) >= restore.restored_at:
        return prepared
    return prepared._replace(state=MailState.UNCONFIRMED, reason=UNKNOWN)


def receive_mail(session: Session, data: dict[str, Any]) -> None:
    """Handler of `mail.changed.v1`: what the service that requested a mail knows of it."""
    mail = session.get(Mail, data["mail_id"], with_for_update=True)
    if mail is None:
        _add(session, data)
    elif data["state"] not in _OPEN_STATES and _is_news(mail, data):
        mail.version = max(mail.version, data["version"])
        mail.last_reply = data["reason"]
        delivery_status.change_state(
            session, mail, state=MailState(data["state"]), reason=data["reason"]
        )
        restores.note_return(session, "states of mails", mail.id, at=data["changed_at"])
        if data.get("suppressed"):
            reason = data["reason"] or UNKNOWN
            suppressions.add(session, address=mail.recipient, reason=reason, mail_id=mail.id)


def _is_news(mail: Mail, data: dict[str, Any]) -> bool:
    held_back = mail.state == MailState.UNCONFIRMED and mail.last_reply == UNKNOWN
    return bool(data["version"] > mail.version) or held_back


def _add(session: Session, data: dict[str, Any]) -> None:
    """Keep a mail that was lost, without its text. It is never sent again."""
    is_open = data["state"] in _OPEN_STATES
    reason = UNKNOWN if is_open else data["reason"]
    mail = {
        "id": data["mail_id"],
        "dedupe_key": data["cause"] or f"lost:{data['mail_id']}",
        "kind": data["kind"],
        "on_doubt": OnDoubt.ASK,
        "message_id": f"lost:{data['mail_id']}",
        "rendered": b"",
        "kept": KeptText.NOTHING,
        "recipient": "",
        "envelope_from": "",
        "state": MailState.UNCONFIRMED if is_open else MailState(data["state"]),
        "version": data["version"],
        "last_reply": reason,
        "expires_at": now(),
        "proposal_id": data["proposal_id"],
        "traceparent": logs.traceparent(),
        "changed_at": data["changed_at"],
    }
    if not db.insert_new(session, Mail, values=mail):
        return
    restores.note_return(session, "states of mails", data["mail_id"], at=data["changed_at"])
    restores.note_loss(session, "texts of mails", data["mail_id"], at=data["changed_at"])
    if is_open:
        stored = session.get_one(Mail, data["mail_id"])
        delivery_status.change_state(session, stored, state=MailState.UNCONFIRMED, reason=reason)
