"""The sender: claim, offer, mark, dot, record; no transaction is ever open while SMTP is spoken.

The mark is the point of no return. A crash before it is repaired by sending again, since a server
forgets a mail without its final dot. A crash after it leaves a mail in doubt, which is settled by
the policy of its kind and never by a blind resend. The lease decides who may do either: whoever
finds its token gone sends no dot.
"""

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from flask import current_app
from sqlalchemy.exc import DBAPIError

from services.notify import fate
from services.notify.addresses import BadAddress, domain
from services.notify.sending import doubt, liveness, queue
from services.notify.sending.breaker import Breaker
from services.notify.sending.queue import Claim, Outcome
from services.notify.smtp import (
    Conversation,
    InDoubt,
    Lost,
    NotAccepted,
    Refused,
    Server,
    ServerTrouble,
    Timeouts,
    server_from_url,
)
from shared import crash, db, logs
from shared.worker import Beat

log = logs.logger(__name__)

STOPPED = "All mail is stopped by the setting MAIL_STOPPED."
SWEEP_EVERY = 1.0  # seconds between two looks for dead senders, old doubts and expired mails
CONNECTING = 120.0  # seconds without a sign of life: names, addresses and TLS give none
POLL = 0.2  # seconds: the net under the wake-up
MOST = 16  # mails in the hands of one sender, while they go out briskly
BRISK = 1.0  # seconds for all of them


class Line(NamedTuple):
    """What one sender works with."""

    conversation: Conversation
    breaker: Breaker
    stop: threading.Event
    beat: Beat


def send(stop: threading.Event, beat: Beat) -> None:
    """Send what is due until stopped. Runs in an app context; any number may run on PostgreSQL."""
    breaker = Breaker(longest=float(current_app.config["MAIL_BACKOFF"]))
    line = Line(Conversation(mail_server(), beat=beat), breaker, stop, beat)
    while not stop.is_set():
        try:
            with liveness.shift() as shift, db.changes(fate.CHANNEL) as wait:
                _work(line, shift, wait=wait)
        except DBAPIError as error:
            if not db.unreachable(error):
                raise
            log.warning("the sender pauses", error=str(error.orig)[:200])
            beat("The database cannot be reached.")
            stop.wait(1.0)
        finally:
            line.conversation.leave()


def mail_server() -> Server:
    """The mail server of the settings, with its patience. Raises ValueError for a bad address."""
    config = current_app.config
    usual = Timeouts()
    longest = float(config["SMTP_TIMEOUT"])
    patience = Timeouts(*(min(longest, seconds) for seconds in usual))
    return server_from_url(
        config["SMTP_URL"],
        hello=domain(config["MAIL_FROM"]),
        ca_file=config["SMTP_CA_FILE"] or None,
        timeouts=patience._replace(dot=float(config["DOT_TIMEOUT"])),
    )


def _work(line: Line, shift: liveness.Shift, *, wait: Callable[[float], object]) -> None:
    swept, most = 0.0, 1
    stopped = STOPPED if current_app.config["MAIL_STOPPED"] else None
    while not line.stop.is_set():
        line.beat(stopped or line.breaker.trouble)
        began = time.monotonic()
        if began - swept >= SWEEP_EVERY:
            shift.check()
            with db.begin() as session:
                doubt.sweep(session, worker_key=shift.worker_key)
            swept = began
        rests = stopped or line.breaker.is_open()
        if rests or not _send_some(line, most, worker_key=shift.worker_key):
            wait(POLL)
        brisk = time.monotonic() - began < BRISK
        most = min(MOST, 2 * most) if brisk else 1  # a slow server must not hold what others could


def _send_some(line: Line, most: int, *, worker_key: int) -> bool:
    """Bring so many mails from their claim to their recorded outcome; False when none is due."""
    with db.read() as session:
        if not queue.any_due(session):
            return False
    with db.begin() as session:
        claims = queue.claim(session, worker_key=worker_key, most=most)
    if not claims:
        return False
    crash.point("sender.after_claim")
    for place, claimed in enumerate(claims):
        if place and (line.stop.is_set() or line.breaker.is_open()):
            with db.begin() as session:
                queue.let_go(session, claims[place:])
            break
        _send_one(line, claimed)
    return True


def _send_one(line: Line, claimed: Claim) -> None:
    with logs.bound(claimed.traceparent, mail_id=str(claimed.mail_id)):
        outcome = _offered(line, claimed)
        crash.point("sender.before_record")
        if outcome is not None:
            _record(line, claimed, outcome)


def _offered(line: Line, claimed: Claim) -> Outcome | None:
    """Speak with the server; None when the lease was lost and no dot was sent."""
    conversation = line.conversation
    line.beat(within=CONNECTING)
    try:
        conversation.ready()
        conversation.offer(
            envelope_from=claimed.envelope_from,
            recipient=claimed.recipient,
            body=claimed.rendered,
        )
        conversation.heed_goodbye()
        crash.point("sender.before_mark")
        with db.begin() as session:
            mine = queue.mark(session, claimed)
        if not mine:
            conversation.drop()
            log.warning("the lease is lost; the mail is taken back before its dot")
            return None
        crash.point("sender.after_mark")
        reply = conversation.finish()
        crash.point("sender.after_reply")
    except BadAddress as error:
        return Outcome(Refused(str(error)))
    except NotAccepted as refusal:
        return Outcome(refusal, pause=_pause(line.breaker, refusal))
    line.breaker.close()
    return Outcome(None, reply)


def _pause(breaker: Breaker, refusal: NotAccepted) -> float | None:
    """Seconds to leave the server alone, where it and no mail is to blame; None elsewhere."""
    if refusal.unready or isinstance(refusal, ServerTrouble):
        log.error("the mail server is in trouble", code=refusal.code, reply=refusal.reply)
        return breaker.trip(refusal.reply)
    if refusal.code == 421:
        breaker.trip(refusal.reply)
    elif not isinstance(refusal, Lost | InDoubt):
        breaker.close()
    return None


def _record(line: Line, claimed: Claim, outcome: Outcome) -> None:
    """What the server said must not be forgotten because the database is away for a moment."""
    while True:
        try:
            with db.begin() as session:
                queue.record(session, claimed, outcome)
            return
        except DBAPIError as error:
            if line.stop.is_set() or not db.unreachable(error):
                raise
            log.warning("an outcome cannot be recorded yet", error=str(error.orig)[:200])
            line.beat("The database cannot be reached.")
            line.stop.wait(0.5)
