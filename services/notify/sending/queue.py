"""The rows of the sender: who claims a mail, who may send its dot, and what the outcome means."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import ColumnElement, and_, bindparam, inspect, select, update
from sqlalchemy.orm import Session

from services.notify import fate, suppressions
from services.notify.models import Mail, MailAttempt
from services.notify.smtp import InDoubt, NotAccepted, Refused, ServerTrouble
from shared import db
from shared.tables import now

GIVE_UP = timedelta(hours=72)
IN_DOUBT = "Nobody knows whether the mail server took it."


def stands(*states: str) -> ColumnElement[bool]:
    """In one of these states, written out as in the indexes of few rows: a database takes such an
    index only for the same words.
    """
    return Mail.state.in_(bindparam(None, states, expanding=True, literal_execute=True))


WAITING = ("queued", "deferred")


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
    return and_(stands(*WAITING), Mail.next_attempt_at <= at, Mail.expires_at > at)


def any_due(session: Session) -> bool:
    """Whether a claim is worth a writing transaction."""
    return session.scalar(select(Mail.id).where(is_due(now())).limit(1)) is not None


def claim(session: Session, *, worker_key: int, most: int = 1) -> list[Claim]:
    """Take the mails that wait longest; no other sender sees them from now on."""
    due = select(Mail.id).where(is_due(now())).order_by(Mail.next_attempt_at).limit(most)
    taken = (
        update(Mail)
        .where(Mail.id.in_(due.with_for_update(skip_locked=True)))
        .values(
            state="sending",
            lease_token=uuid.uuid4(),
            worker_key=worker_key,
            dot_at=None,
            attempts=Mail.attempts + 1,
        )
        .returning(
            Mail.id,
            Mail.lease_token,
            Mail.attempts,
            Mail.traceparent,
            Mail.envelope_from,
            Mail.recipient,
            Mail.rendered,
            Mail.next_attempt_at,
        )
    )
    rows: Any = session.execute(taken, execution_options={"synchronize_session": False}).all()
    return [Claim(*row[:-1]) for row in sorted(rows, key=lambda row: row.next_attempt_at)]


def let_go(session: Session, claims: Sequence[Claim]) -> None:
    """Give back what was claimed and never offered, for any sender to take at once."""
    for claimed in claims:
        session.execute(
            update(Mail)
            .where(*_still_held(claimed))
            .values(state="queued", lease_token=None, attempts=Mail.attempts - 1)
        )


def _still_held(claimed: Claim) -> tuple[ColumnElement[bool], ...]:
    held = Mail.lease_token == claimed.lease_token
    return Mail.id == claimed.mail_id, held, Mail.state == "sending"


def mark(session: Session, claimed: Claim) -> bool:
    """Write down that the final dot comes next; False when the lease is lost and it must not."""
    marked = session.scalar(
        update(Mail).where(*_still_held(claimed)).values(dot_at=now()).returning(Mail.id)
    )
    return marked is not None


def record(session: Session, claimed: Claim, outcome: Outcome) -> None:
    """Write down how the attempt ended.

    A sender that was taken for dead still says what it learned: that settles a doubt, as long as
    nobody has sent the mail again.
    """
    if outcome.refusal is None and _accepted(session, claimed, outcome.reply):
        return
    mail = session.get(Mail, claimed.mail_id, with_for_update=True)
    if mail is None:
        return  # erased meanwhile
    refusal = outcome.refusal
    code, reply = (refusal.code, refusal.reply) if refusal else (250, outcome.reply)
    word = refusal.word if refusal else "accepted"
    mail.last_code, mail.last_reply = code, reply
    note(session, mail, n=claimed.attempt, outcome=word, code=code, reply=reply)
    if mail.lease_token != claimed.lease_token or mail.state not in ("sending", "in_doubt"):
        return
    if isinstance(refusal, Refused) and refusal.nobody:
        suppressions.add(session, address=mail.recipient, reason=refusal.reply, mail_id=mail.id)
    state, reason = _verdict(mail, outcome)
    if state != mail.state:
        fate.turn(session, mail, state=state, reason=reason)


def _accepted(session: Session, claimed: Claim, reply: str) -> bool:
    """What nearly always happens, at half the price; False where the lease went meanwhile."""
    at = now()
    sent = (
        update(Mail)
        .where(*_still_held(claimed))
        .values(state="sent", version=Mail.version + 1, changed_at=at)
        .values(last_code=250, last_reply=reply)
        .returning(*(getattr(Mail, name) for name in (*fate.TOLD, "dot_at")))
    )
    mail = session.execute(sent, execution_options={"synchronize_session": False}).first()
    if mail is None:
        return False
    note(session, mail, n=claimed.attempt, outcome="accepted", code=250, reply=reply)
    fate.announce(session, mail)
    return True


def note(session: Session, mail: Any, *, n: int, outcome: str, **more: Any) -> None:
    """Write down how an attempt ended, or what was learned of it since."""
    row = {"mail_id": mail.id, "n": n, "outcome": outcome, "dot_at": mail.dot_at, "ended_at": now()}
    session.execute(
        _noting(session.get_bind().dialect.name), {"code": None, "reply": None} | row | more
    )


@cache
def _noting(dialect: str) -> Any:
    put = db.insert_in(dialect, inspect(MailAttempt).local_table)
    told = ("outcome", "code", "reply", "dot_at", "ended_at")
    return put.on_conflict_do_update(
        index_elements=["mail_id", "n"], set_={name: put.excluded[name] for name in told}
    )


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
