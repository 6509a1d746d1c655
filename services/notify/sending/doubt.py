"""Mails that no running attempt takes care of: of dead senders, in doubt, or too late."""

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from services.notify import delivery_status, suppressions
from services.notify.mail_table import WAITING, in_states, locked, unsettled
from services.notify.models import Mail
from services.notify.models.states import AttemptOutcome, MailState
from services.notify.sending import liveness, results
from shared import logs
from shared.events import MailAnswer
from shared.mails.entry import OnDoubt
from shared.tables import now

log = logs.logger(__name__)

TEXT_LOST = "Its text was lost when the database was put back. Write to the person instead."
KEY_KNOWN = timedelta(hours=23)  # providers know a key for a day
TOO_LATE = "It could not be sent in time."
UNREACHED = (MailState.FAILED, MailState.BOUNCED, MailState.EXPIRED)


def recover(session: Session, *, worker_key: int, held: Collection[uuid.UUID] = ()) -> int:
    """Free the mails of dead senders: queued before the mark, in doubt after it. `held` are the
    mails of this sender, whatever key they were claimed with.
    """
    alive: set[int | None] = set()
    count = 0
    conditions = (unsettled(MailState.SENDING), Mail.worker_key != worker_key, Mail.id.not_in(held))
    for mail in locked(session, *conditions):
        if mail.worker_key in alive:
            continue
        if not liveness.is_dead(session, mail.worker_key, mine=worker_key):
            alive.add(mail.worker_key)
            continue
        _free(session, mail)
        count += 1
    return count


def _free(session: Session, mail: Mail) -> None:
    if mail.dot_at is None:
        results.note(session, mail, n=mail.attempts, outcome=AttemptOutcome.INTERRUPTED)
        mail.lease_token, mail.next_attempt_at = None, now()
        delivery_status.change_state(
            session, mail, state=MailState.QUEUED, reason="The sender ended before the final dot."
        )
    else:
        results.note(session, mail, n=mail.attempts, outcome=AttemptOutcome.UNCONFIRMED)
        delivery_status.change_state(
            session, mail, state=MailState.UNCONFIRMED, reason=results.IN_DOUBT
        )


def resend(session: Session, *, after: timedelta, has_key_header: bool = False) -> int:
    """Send mails in doubt again where their kind says so: the same bytes, the same Message-ID.

    `after` is the time in which a late answer may still come. Where the mail server drops a second
    copy by its key, letters that must not arrive twice are sent again too, while it knows the key.
    """
    at = now()
    again: ColumnElement[bool] = Mail.on_doubt == OnDoubt.RESEND
    if has_key_header:
        again |= (Mail.on_doubt == OnDoubt.VERIFY) & (Mail.dot_at > at - KEY_KNOWN)
    count = 0
    conditions = (
        unsettled(MailState.UNCONFIRMED),
        again,
        Mail.dot_at <= at - after,
        Mail.expires_at > at,
    )
    for mail in locked(session, *conditions):
        _again(session, mail, reason="Sent again after a doubt.")
        count += 1
    return count


def expire(session: Session) -> int:
    """Give up mails that are too late to be of use."""
    count = 0
    for mail in locked(session, in_states(*WAITING), Mail.expires_at <= now()):
        delivery_status.change_state(session, mail, state=MailState.EXPIRED, reason=TOO_LATE)
        count += 1
    return count


def receive(session: Session, data: dict[str, Any]) -> None:
    """Handler of `mail.settled.v1`. An answer about an older version of the mail is ignored.

    "again" for a mail that its mailbox did not get allows mail to this mailbox again. Its service
    then asks for the mail once more.
    """
    mail = session.get(Mail, data["mail_id"], with_for_update=True)
    if mail is None or mail.version != data["version"]:
        log.warning("an answer about a mail came too late", mail_id=str(data["mail_id"]))
        return
    if mail.state in UNREACHED and data["answer"] == MailAnswer.SEND_AGAIN:
        suppressions.release(session, address=mail.recipient, mail=mail, reason=data["reason"])
        return
    settle(session, mail_id=mail.id, answer=data["answer"], reason=data["reason"])


def settle(session: Session, *, mail_id: uuid.UUID, answer: str, reason: str) -> bool:
    """Settle a mail in doubt: it "arrived", or it is sent "again". False if it is not in doubt.

    One whose text was lost cannot be sent again, and counts as failed.
    """
    mail = session.get(Mail, mail_id, with_for_update=True)
    if mail is None or mail.state != MailState.UNCONFIRMED:
        return False
    with logs.bound(mail.traceparent, mail_id=str(mail.id)):
        if answer == MailAnswer.ARRIVED:
            delivery_status.change_state(session, mail, state=MailState.CONFIRMED, reason=reason)
        elif not mail.rendered:
            delivery_status.change_state(session, mail, state=MailState.FAILED, reason=TEXT_LOST)
        else:
            _again(session, mail, reason=reason)
    return True


def _again(session: Session, mail: Mail, *, reason: str) -> None:
    mail.dot_at, mail.lease_token, mail.next_attempt_at = None, None, now()
    delivery_status.change_state(session, mail, state=MailState.QUEUED, reason=reason)
