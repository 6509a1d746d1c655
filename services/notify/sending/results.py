"""What the outcome of an attempt means for its mail, recorded for many at once."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, inspect, update
from sqlalchemy.orm import Session

from services.notify import delivery_status, suppressions
from services.notify.mail_table import MAILS
from services.notify.models import Mail, MailAttempt
from services.notify.models.states import AttemptOutcome, MailState
from services.notify.sending.queue import STILL_HELD, Claim, lease_parameters
from services.notify.smtp import InDoubt, NotAccepted, Refused, ServerTrouble
from shared import db, logs
from shared.tables import now

GIVE_UP = timedelta(hours=72)
IN_DOUBT = "We don’t know whether the mail server accepted it."


class Outcome(NamedTuple):
    """How an attempt ended. `refusal` is None for an accepted mail. `pause` is set where the server
    and not the mail is to blame: how many seconds to leave it alone.
    """

    claimed: Claim
    refusal: NotAccepted | None
    reply: str = ""
    pause: float | None = None


def record(session: Session, outcomes: Sequence[Outcome], *, retry_steps: Sequence[float]) -> None:
    """Record how these attempts ended.

    A sender that was taken for dead still records what it learned. That settles a doubt, unless
    the mail has been sent again.
    """
    done = _accepted(session, [outcome for outcome in outcomes if outcome.refusal is None])
    for outcome in outcomes:
        if (outcome.claimed.mail_id, outcome.claimed.lease_token) not in done:
            with logs.bound(outcome.claimed.traceparent, mail_id=str(outcome.claimed.mail_id)):
                _record(session, outcome, retry_steps=retry_steps)


def _accepted(session: Session, outcomes: Sequence[Outcome]) -> set[Any]:
    """Record accepted mails in one statement, since nearly all are accepted; return mail and lease
    of those whose lease was still held.
    """
    if not outcomes:
        return set()
    at = now()
    replies = {outcome.claimed.mail_id: outcome.reply for outcome in outcomes}
    claims = [outcome.claimed for outcome in outcomes]
    mails = session.execute(_SENT, lease_parameters(claims) | {"at": at}).all()
    rows = [
        {"mail_id": mail.id, "n": mail.attempts, "outcome": AttemptOutcome.ACCEPTED, "code": 250,
         "reply": replies[mail.id], "dot_at": mail.dot_at, "ended_at": at}
        for mail in mails
    ]  # fmt: skip
    if rows:
        session.execute(_noting(session.get_bind().dialect.name), rows)
    for mail in mails:
        with logs.bound(mail.traceparent, mail_id=str(mail.id)):
            delivery_status.announce(session, mail, reply=replies[mail.id])
    return {(mail.id, mail.lease_token) for mail in mails}


_NOTED = ("attempts", "dot_at", "lease_token", "traceparent")
_SENT = (
    update(MAILS)
    .where(*STILL_HELD)
    .values(state=MailState.SENT, version=MAILS.c.version + 1, changed_at=bindparam("at"))
    .values(last_code=250, last_reply=None)  # the attempt has the reply
    .returning(*(MAILS.c[name] for name in (*delivery_status.ANNOUNCED_COLUMNS, *_NOTED)))
)


def _record(session: Session, outcome: Outcome, *, retry_steps: Sequence[float]) -> None:
    claimed = outcome.claimed
    mail = session.get(Mail, claimed.mail_id, with_for_update=True)
    if mail is None:
        return  # erased meanwhile
    refusal = outcome.refusal
    code, reply = (refusal.code, refusal.reply) if refusal else (250, outcome.reply)
    ending = refusal.outcome if refusal else AttemptOutcome.ACCEPTED
    mail.last_code, mail.last_reply = code, reply
    note(session, mail, n=claimed.attempt, outcome=ending, code=code, reply=reply)
    if mail.lease_token != claimed.lease_token or mail.state not in (
        MailState.SENDING,
        MailState.UNCONFIRMED,
    ):
        return
    banned = isinstance(refusal, Refused) and refusal.no_mailbox
    if refusal and banned:
        suppressions.add(session, address=mail.recipient, reason=refusal.reply, mail_id=mail.id)
    state, reason = _verdict(mail, outcome, retry_steps=retry_steps)
    if state != mail.state:
        flags = {"suppressed": True} if banned else {}
        said = "" if refusal else reply
        delivery_status.change_state(session, mail, state=state, reason=reason, reply=said, **flags)


def note(session: Session, mail: Any, *, n: int, outcome: AttemptOutcome, **reply: Any) -> None:
    """Record how an attempt ended, or what was learned about it since."""
    row = {"mail_id": mail.id, "n": n, "outcome": outcome, "dot_at": mail.dot_at, "ended_at": now()}
    session.execute(
        _noting(session.get_bind().dialect.name), {"code": None, "reply": None} | row | reply
    )


@cache
def _noting(dialect: str) -> Any:
    insertion = db.insert_in(dialect, inspect(MailAttempt).local_table)
    updated = ("outcome", "code", "reply", "dot_at", "ended_at")
    return insertion.on_conflict_do_update(
        index_elements=["mail_id", "n"], set_={name: insertion.excluded[name] for name in updated}
    )


def _verdict(
    mail: Mail, outcome: Outcome, *, retry_steps: Sequence[float]
) -> tuple[MailState, str | None]:
    """The state that follows and the reason to announce; sets when to try again."""
    refusal = outcome.refusal
    if refusal is None:
        return MailState.SENT, None
    if isinstance(refusal, Refused):
        return MailState.FAILED, refusal.reply
    if isinstance(refusal, InDoubt):
        return MailState.UNCONFIRMED, IN_DOUBT
    if outcome.pause is not None:
        mail.next_attempt_at = now() + timedelta(seconds=outcome.pause)
        is_ours = isinstance(refusal, ServerTrouble)
        return MailState.QUEUED if is_ours else MailState.DEFERRED, refusal.reply
    if now() - mail.created_at > GIVE_UP:
        return MailState.FAILED, f"Not accepted for 72 hours. {refusal.reply}"
    step = retry_steps[min(mail.deferrals, len(retry_steps) - 1)]
    mail.next_attempt_at = now() + timedelta(seconds=step)
    mail.deferrals += 1
    return MailState.DEFERRED, refusal.reply
