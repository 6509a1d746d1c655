"""What others left behind: mails of dead senders, doubts to settle, mails that came too late."""

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from services.notify import delivery_status
from services.notify.mail_table import WAITING, in_states, unsettled
from services.notify.models import Mail
from services.notify.sending import liveness, results
from shared import logs
from shared.tables import now

log = logs.logger(__name__)

BATCH = 200
KEY_KNOWN = timedelta(hours=23)  # providers know a key for a day


def sweep(session: Session, *, worker_key: int, held: Collection[uuid.UUID] = ()) -> None:
    """One look at everything that no running attempt takes care of; `held` are the mails that are
    in our own hands, whatever key they were claimed with."""
    recover(session, worker_key=worker_key, held=held)
    resend(session)
    expire(session)
    delivery_status.announce_waiting(session)


def recover(session: Session, *, worker_key: int, held: Collection[uuid.UUID] = ()) -> int:
    """Free the mails of senders that are gone: before the mark queued, after it in doubt."""
    left = (
        select(Mail)
        .where(unsettled("sending"), Mail.worker_key != worker_key, Mail.id.not_in(held))
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    alive: set[int | None] = set()
    count = 0
    for mail in session.scalars(left).all():
        if mail.worker_key in alive:
            continue
        if not liveness.is_dead(session, mail.worker_key, mine=worker_key):
            alive.add(mail.worker_key)
            continue
        with logs.bound(mail.traceparent, mail_id=str(mail.id)):
            _free(session, mail)
        count += 1
    return count


def _free(session: Session, mail: Mail) -> None:
    if mail.dot_at is None:
        results.note(session, mail, n=mail.attempts, outcome="interrupted")
        mail.lease_token, mail.next_attempt_at = None, now()
        delivery_status.change_state(
            session, mail, state="queued", reason="The sender ended before the final dot."
        )
    else:
        results.note(session, mail, n=mail.attempts, outcome="in_doubt")
        delivery_status.change_state(session, mail, state="in_doubt", reason=results.IN_DOUBT)


def resend(session: Session) -> int:
    """Send doubtful mails again whose kind says so, after the time in which a late answer could
    still have come: the same bytes, the same Message-ID. Where the mail server drops a second copy
    by its key, also those that must not come twice, as long as it knows the key."""
    at = now()
    again: ColumnElement[bool] = Mail.on_doubt == "resend"
    if current_app.config["MAIL_KEY_HEADER"]:
        again |= (Mail.on_doubt == "verify") & (Mail.dot_at > at - KEY_KNOWN)
    patience = timedelta(seconds=float(current_app.config["RESEND_AFTER"]))
    old = (
        select(Mail)
        .where(
            unsettled("in_doubt"),
            again,
            Mail.dot_at <= at - patience,
            Mail.expires_at > at,
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    mails = session.scalars(old).all()
    for mail in mails:
        with logs.bound(mail.traceparent, mail_id=str(mail.id)):
            _again(session, mail, reason="Sent again after a doubt.")
    return len(mails)


def expire(session: Session) -> int:
    """Give up mails that nobody could use any more."""
    late = (
        select(Mail)
        .where(in_states(*WAITING), Mail.expires_at <= now())
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    mails = session.scalars(late).all()
    for mail in mails:
        with logs.bound(mail.traceparent, mail_id=str(mail.id)):
            delivery_status.change_state(
                session, mail, state="expired", reason="It could not be sent in time."
            )
    return len(mails)


def receive(session: Session, data: dict[str, Any]) -> None:
    """Handler of `mail.settled.v1`; an answer to a doubt that is over, or to an older one, is
    none.
    """
    mail = session.get(Mail, data["mail_id"], with_for_update=True)
    if mail is None or mail.version != data["version"]:
        log.warning("an answer came too late", mail_id=str(data["mail_id"]))
        return
    settle(session, mail_id=mail.id, answer=data["answer"], reason=data["reason"])


def settle(session: Session, *, mail_id: uuid.UUID, answer: str, reason: str) -> bool:
    """A person says what became of a mail in doubt: "arrived" or "again". False if none is."""
    mail = session.get(Mail, mail_id, with_for_update=True)
    if mail is None or mail.state != "in_doubt":
        return False
    with logs.bound(mail.traceparent, mail_id=str(mail.id)):
        if answer == "arrived":
            delivery_status.change_state(session, mail, state="settled", reason=reason)
        else:
            _again(session, mail, reason=reason)
    return True


def _again(session: Session, mail: Mail, *, reason: str) -> None:
    mail.dot_at, mail.lease_token, mail.next_attempt_at = None, None, now()
    delivery_status.change_state(session, mail, state="queued", reason=reason)
