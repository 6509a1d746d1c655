"""The sender: claim, offer, mark, dot, record; no transaction is ever open during SMTP.

The mark is the point of no return. A crash before it is repaired by sending again, because a server
forgets a mail without its final dot. A crash after it leaves a mail in doubt, which is settled by
the policy of its kind and never by a blind resend. The lease decides who may do either: a sender
that lost its lease sends no dot.

Lanes talk to the server, each over its own connection. One thread writes for all of them: marks,
outcomes and claims that arrive together share a transaction, and a dot follows its mark at once.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy.exc import DBAPIError

from services.notify import delivery_status
from services.notify.composing.addresses import domain
from services.notify.sending import domain_limits, doubt, liveness, queue, results
from services.notify.sending.breaker import Breaker
from services.notify.sending.lane import LaneReport
from services.notify.sending.lanes import Lanes
from services.notify.sending.queue import Claim
from services.notify.sending.results import Outcome
from services.notify.sending.sender_settings import SenderSettings
from services.notify.smtp import Deferred, InDoubt, Lost, NotAccepted, ServerTrouble
from shared import crash, db, logs
from shared.db import trouble
from shared.worker.loops import Heartbeat

log = logs.logger(__name__)

STOPPED = "All mail is stopped by the setting MAIL_STOPPED."
SWEEP_EVERY = 1.0  # seconds between two sweeps for dead senders, old doubts and expired mails
CONNECTING = 120.0  # seconds without a sign of life: name lookup, TCP and TLS give none
POLL = 0.2  # seconds: the net under the wake-up
LISTEN = 0.05  # seconds for which the thread waits for lanes alone
LEAVING = 8.0  # seconds to finish what is under way when the worker stops


class Sender(NamedTuple):
    """What one sender works with. The database does not yet know the `unwritten` outcomes and the
    `unused_claims`, which go back to the queue.
    """

    settings: SenderSettings
    lanes: Lanes
    breaker: Breaker
    stop: threading.Event
    beat: Heartbeat
    unwritten: list[Outcome]
    unused_claims: list[Claim]


def send(settings: SenderSettings, *, stop: threading.Event, beat: Heartbeat) -> None:
    """Send what is due until stopped. Runs in an app context; any number may run on PostgreSQL."""
    lanes = Lanes(settings.server, most=settings.connections, archive=settings.archive)
    breaker = Breaker(longest=settings.longest_pause)
    sender = Sender(settings, lanes, breaker, stop, beat, [], [])
    try:
        while not stop.is_set():
            try:
                with liveness.shift() as shift, db.changes(delivery_status.CHANNEL) as wait:
                    _work(sender, shift, wait=wait)
            except DBAPIError as error:
                if not db.unreachable(error):
                    raise
                log.warning("the sender pauses", error=str(error.orig)[:200])
                beat(f"The database: {trouble.of(error)}")
                stop.wait(1.0)
    finally:
        lanes.close()


def _work(sender: Sender, shift: liveness.Shift, *, wait: Callable[[float], object]) -> None:
    swept = 0.0
    stopped = STOPPED if sender.settings.stopped else None
    while not sender.stop.is_set():
        if sender.lanes.live(within=CONNECTING):
            sender.beat(stopped or sender.breaker.trouble)
        if time.monotonic() - swept >= SWEEP_EVERY:
            shift.check()
            _sweep(sender, worker_key=shift.worker_key)
            swept = time.monotonic()
        key = None if stopped else shift.worker_key
        if not _process_reports(sender, sender.lanes.collect_reports(within=LISTEN), key=key):
            wait(POLL)
    _leave(sender)


def _sweep(sender: Sender, *, worker_key: int) -> None:
    """Take care of every mail that no running attempt takes care of."""
    settings = sender.settings
    with db.begin() as session:
        doubt.recover(session, worker_key=worker_key, held=sender.lanes.held_mails())
        doubt.resend(session, after=settings.resend_after, has_key_header=settings.has_key_header)
        doubt.expire(session)
        delivery_status.announce_waiting(session)


def _leave(sender: Sender) -> None:
    """Wait a little for the answers to marked mails; take back the rest."""
    end = time.monotonic() + LEAVING
    while sender.lanes.held_mails() and time.monotonic() < end:
        sender.beat()
        _process_reports(sender, sender.lanes.collect_reports(within=LISTEN), key=None)


def _process_reports(sender: Sender, reports: list[LaneReport], *, key: int | None) -> bool:
    """Act on the reports of the lanes and, with a key, claim as many mails as they have room for.

    False where there was nothing to do and no lane is at work.
    """
    offered = [report.claimed for report in reports if report.offered]
    ended = [_judged(sender, report) for report in reports if not report.offered]
    sender.unwritten.extend(result for result in ended if isinstance(result, Outcome))
    sender.unused_claims.extend(result for result in ended if isinstance(result, Claim))
    ready = key is not None and not sender.breaker.is_open()
    room, ahead = (sender.lanes.room(), sender.lanes.ahead(offered)) if ready else (0, 0)
    if not (offered or sender.unwritten or sender.unused_claims or (room and _any_due())):
        return bool(sender.lanes.held_mails())
    allowed: list[Claim] = []
    outcomes = list(sender.unwritten)
    copies = [report.claimed for report in reports if report.offered and report.archived]
    leave_ends = time.monotonic() + liveness.DOT_WITHIN
    try:
        marked, claims = _written(sender, offered, copies, most=room + ahead, key=key)
        if claims:
            crash.point("sender.after_claim")
        sender.unused_claims.extend(sender.lanes.hand_ahead(claims[room:], after=marked))
        allowed = marked
        if allowed:
            crash.point("sender.after_mark")
    finally:
        for claimed in offered:
            may_until = leave_ends if claimed in allowed else None
            sender.lanes.answer(claimed, may_until=may_until)
    for claimed in claims[:room]:
        sender.lanes.hand(claimed)
    _rest_domains(sender, outcomes)
    return True  # even without a claim: it may have postponed mails of a resting domain


def _written(
    sender: Sender, offered: list[Claim], copies: list[Claim], *, most: int, key: int | None
) -> tuple[list[Claim], list[Claim]]:
    """Write everything that arrived together in one transaction; return the mails that may have
    their dots, and the new claims.
    """
    if sender.unwritten:
        crash.point("sender.before_record")
    claims: list[Claim] = []
    marked: set[Any] = set()
    settings = sender.settings
    with db.begin() as session:
        results.record(session, sender.unwritten, retry_steps=settings.retry_steps)
        queue.let_go(session, sender.unused_claims)
        if not sender.stop.is_set():
            marked = queue.mark(session, offered, archived=copies)
        if key is not None and most:
            claims = queue.claim(session, worker_key=key, most=most, every=settings.spacing)
    sender.unwritten.clear()
    sender.unused_claims.clear()
    return [
        claimed for claimed in offered if (claimed.mail_id, claimed.lease_token) in marked
    ], claims


def _rest_domains(sender: Sender, outcomes: list[Outcome]) -> None:
    """Let those domains rest that said "not so fast". Each has its own transaction, so that no
    sender waits for one domain while it holds another.
    """
    names = {
        domain(outcome.claimed.recipient).casefold()
        for outcome in outcomes
        if isinstance(outcome.refusal, Deferred) and outcome.refusal.by_domain
    }
    for name in names:
        log.info("a domain rests", domain=name)
        with db.begin() as session:
            domain_limits.rest(session, domain=name, steps=sender.settings.retry_steps)


def _any_due() -> bool:
    with db.read() as session:
        return queue.front(session).due


def _judged(sender: Sender, report: LaneReport) -> Outcome | Claim:
    """How the attempt ended; the claim, where the mail goes back as if it had not been claimed."""
    refusal = report.refusal
    if refusal is None and report.reply is None:
        return report.claimed  # its dot was not allowed
    if refusal is None:
        sender.breaker.close()
        return Outcome(report.claimed, None, report.reply or "")
    if not isinstance(refusal, NotAccepted):
        raise refusal
    if refusal.unready and sender.lanes.others_open():
        log.info("the mail server takes no more connections", reply=refusal.reply)
        sender.lanes.limit()
        return report.claimed
    return Outcome(report.claimed, refusal, pause=_pause(sender.breaker, refusal))


def _pause(breaker: Breaker, refusal: NotAccepted) -> float | None:
    """Seconds to leave the server alone, where the server and no mail is to blame; else None."""
    if refusal.unready or isinstance(refusal, ServerTrouble):
        log.error("the mail server is in trouble", code=refusal.code, reply=refusal.reply)
        return breaker.trip(refusal.reply)
    if refusal.code == 421:
        breaker.trip(refusal.reply)
    elif not isinstance(refusal, Lost | InDoubt):
        breaker.close()
    return None
