"""The rows of the sender: who claims a mail, who may send its dot, and what the outcome means."""

import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app
from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from services.notify import fate
from services.notify.models import Mail, MailAttempt
from services.notify.smtp import InDoubt, NotAccepted, Refused, ServerTrouble
from shared.tables import now

GIVE_UP = timedelta(hours=72)
IN_DOUBT = "Nobody knows whether the mail server took it."


class Claim(NamedTuple):
    """One mail in the hands of this sender."""

    mail_id: uuid.UUID
    lease_token: uuid.UUID
    attempt: int
    traceparent: str
    envelope_from: str
    recipient: str
    rendered: bytes


class Outcome(NamedTuple):
    """`refusal` is None for an accepted mail; `pause` says that the server, not the mail, is to
    blame, and for how many seconds it is left alone."""

    refusal: NotAccepted | None
    reply: str = ""
    pause: float | None = None


def is_due(at: datetime) -> ColumnElement[bool]:
    """Mails that may be offered now."""
    waiting = Mail.state.in_(("queued", "deferred"))
    return and_(waiting, Mail.next_attempt_at <= at, Mail.expires_at > at)


def any_due(session: Session) -> bool:
    """Whether a claim is worth a writing transaction."""
    return session.scalar(select(Mail.id).where(is_due(now())).limit(1)) is not None


def claim(session: Session, *, worker_key: int) -> Claim | None:
    """Take the mail that waits longest; no other sender sees it from now on."""
    due = select(Mail).where(is_due(now())).order_by(Mail.next_attempt_at).limit(1)
    mail = session.scalar(due.with_for_update(skip_locked=True))
    if mail is None:
        return None
    token = uuid.uuid4()
    mail.state, mail.lease_token, mail.worker_key, mail.dot_at = "sending", token, worker_key, None
    mail.attempts += 1
    return Claim(
        mail_id=mail.id,
        lease_token=token,
        attempt=mail.attempts,
        traceparent=mail.traceparent,
        envelope_from=mail.envelope_from,
        recipient=mail.recipient,
        rendered=mail.rendered,
    )


def mark(session: Session, claimed: Claim) -> bool:
    """Write down that the final dot comes next; False when the lease is lost and it must not."""
    marked = session.scalar(
        update(Mail)
        .where(
            Mail.id == claimed.mail_id,
            Mail.lease_token == claimed.lease_token,
            Mail.state == "sending",
        )
        .values(dot_at=now())
        .returning(Mail.id)
    )
    return marked is not None


def record(session: Session, claimed: Claim, outcome: Outcome) -> None:
    """Write down how the attempt ended.

    A sender that was taken for dead still says what it learned: that settles a doubt, as long as
    nobody has sent the mail again.
    """
    mail = session.get(Mail, claimed.mail_id, with_for_update=True)
    if mail is None:
        return  # erased meanwhile
    refusal = outcome.refusal
    code, reply = (refusal.code, refusal.reply) if refusal else (250, outcome.reply)
    word = refusal.word if refusal else "accepted"
    mail.last_code, mail.last_reply = code, reply
    note = MailAttempt(mail_id=mail.id, n=claimed.attempt, outcome=word, code=code, reply=reply)
    note.dot_at = mail.dot_at
    session.merge(note)
    if mail.lease_token != claimed.lease_token or mail.state not in ("sending", "in_doubt"):
        return
    state, reason = _verdict(mail, outcome)
    if state != mail.state:
        fate.turn(session, mail, state=state, reason=reason)


def _verdict(mail: Mail, outcome: Outcome) -> tuple[str, str | None]:
    """The state that follows, and the reason that is told; sets when to try again."""
    refusal = outcome.refusal
    if refusal is None:
        return "sent", None
    if isinstance(refusal, Refused):
        return "failed", refusal.reply
    if isinstance(refusal, InDoubt):
        return "in_doubt", IN_DOUBT
    if outcome.pause is not None:
        mail.next_attempt_at = now() + timedelta(seconds=outcome.pause)
        return "queued" if isinstance(refusal, ServerTrouble) else "deferred", refusal.reply
    if now() - mail.created_at > GIVE_UP:
        return "failed", f"Not accepted for 72 hours. {refusal.reply}"
    mail.next_attempt_at = now() + _step(mail.deferrals)
    mail.deferrals += 1
    return "deferred", refusal.reply


def _step(deferrals: int) -> timedelta:
    steps = current_app.config["MAIL_RETRY"].split(",")
    return timedelta(seconds=float(steps[min(deferrals, len(steps) - 1)]))
