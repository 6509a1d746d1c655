"""The sender: claim, offer, mark, dot, record; no transaction is ever open while SMTP is spoken.

The mark is the point of no return. A crash before it is repaired by sending again, since a server
forgets a mail without its final dot. A crash after it leaves a mail in doubt, which is settled by
the policy of its kind and never by a blind resend. The lease decides who may do either: whoever
finds its token gone sends no dot.

Lanes speak with the server, each over its own connection. One thread writes for all of them: the
marks, outcomes and claims that have come together meanwhile share a transaction, and a dot goes
right after its mark.
"""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy.exc import DBAPIError

from services.notify import delivery_status
from services.notify.composing.addresses import domain, one_address
from services.notify.sending import domain_limits, doubt, liveness, queue, results
from services.notify.sending.breaker import Breaker
from services.notify.sending.lane import LaneReport
from services.notify.sending.lanes import Lanes
from services.notify.sending.queue import Claim
from services.notify.sending.results import Outcome
from services.notify.smtp import (
    Deferred,
    InDoubt,
    Lost,
    NotAccepted,
    Server,
    ServerTrouble,
    Timeouts,
    server_from_url,
)
from shared import crash, db, logs
from shared.worker.loops import Heartbeat

log = logs.logger(__name__)

STOPPED = "All mail is stopped by the setting MAIL_STOPPED."
SWEEP_EVERY = 1.0  # seconds between two looks for dead senders, old doubts and expired mails
CONNECTING = 120.0  # seconds without a sign of life: names, addresses and TLS give none
POLL = 0.2  # seconds: the net under the wake-up
LISTEN = 0.05  # seconds for which only the lanes are heard
LEAVING = 8.0  # seconds for what is under way when we have to stop


class Line(NamedTuple):
    """What one sender works with; `every` is the time between two mails to one domain. The database
    has not taken yet what is `unwritten`, nor the claims that go `back`."""

    lanes: Lanes
    breaker: Breaker
    stop: threading.Event
    beat: Heartbeat
    every: timedelta | None
    unwritten: list[Outcome]
    back: list[Claim]


def send(stop: threading.Event, beat: Heartbeat) -> None:
    """Send what is due until stopped. Runs in an app context; any number may run on PostgreSQL."""
    breaker = Breaker(longest=float(current_app.config["MAIL_BACKOFF"]))
    config = current_app.config
    archive = one_address(config["ARCHIVE_TO"]) if config["ARCHIVE_TO"] else ""
    lanes = Lanes(mail_server(), most=int(config["MAIL_CONNECTIONS"]), archive=archive)
    every = domain_limits.spacing(current_app.config["MAIL_PER_HOST"])
    line = Line(lanes, breaker, stop, beat, every, [], [])
    try:
        while not stop.is_set():
            try:
                with liveness.shift() as shift, db.changes(delivery_status.CHANNEL) as wait:
                    _work(line, shift, wait=wait)
            except DBAPIError as error:
                if not db.unreachable(error):
                    raise
                log.warning("the sender pauses", error=str(error.orig)[:200])
                beat("The database cannot be reached.")
                stop.wait(1.0)
    finally:
        lanes.close()


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
    swept = 0.0
    stopped = STOPPED if current_app.config["MAIL_STOPPED"] else None
    while not line.stop.is_set():
        if line.lanes.live(within=CONNECTING):
            line.beat(stopped or line.breaker.trouble)
        if time.monotonic() - swept >= SWEEP_EVERY:
            shift.check()
            with db.begin() as session:
                doubt.sweep(session, worker_key=shift.worker_key, held=line.lanes.held())
            swept = time.monotonic()
        key = None if stopped else shift.worker_key
        if not _turn(line, line.lanes.hear(within=LISTEN), key=key):
            wait(POLL)
    _leave(line)


def _leave(line: Line) -> None:
    """Wait a little for the answers to what is marked; take back the rest."""
    end = time.monotonic() + LEAVING
    while line.lanes.held() and time.monotonic() < end:
        line.beat()
        _turn(line, line.lanes.hear(within=LISTEN), key=None)


def _turn(line: Line, heard: list[LaneReport], *, key: int | None) -> bool:
    """Act upon what the lanes said and, where there is a key, claim what they have room for; False
    where there was nothing to do and no lane is at work.
    """
    offered = [said for said in heard if said.offered]
    ended = [_judged(line, said) for said in heard if not said.offered]
    line.unwritten.extend(one for one in ended if isinstance(one, Outcome))
    line.back.extend(one for one in ended if isinstance(one, Claim))
    ready = key is not None and not line.breaker.is_open()
    room, ahead = (
        (line.lanes.room(), line.lanes.ahead(one.claimed for one in offered)) if ready else (0, 0)
    )
    if not (offered or line.unwritten or line.back or (room and _any_due())):
        return bool(line.lanes.held())
    marked: list[Claim] = []
    outcomes = list(line.unwritten)
    try:
        may, claims = _written(line, offered, most=room + ahead, key=key)
        if claims:
            crash.point("sender.after_claim")
        line.back.extend(line.lanes.hand_ahead(claims[room:], after=may))
        marked += may
        if marked:
            crash.point("sender.after_mark")
    finally:
        for said in offered:
            line.lanes.answer(said.claimed, may=said.claimed in marked)
    for claimed in claims[:room]:
        line.lanes.hand(claimed)
    _heed(outcomes)
    return True  # also where nothing could be claimed: mails of a domain that rests were put off


def _written(
    line: Line, offered: list[LaneReport], *, most: int, key: int | None
) -> tuple[list[Claim], list[Claim]]:
    """All that has come together, in one transaction; whose dots may go, and what was claimed."""
    if line.unwritten:
        crash.point("sender.before_record")
    claims: list[Claim] = []
    mine: set[Any] = set()
    with db.begin() as session:
        results.record(session, line.unwritten)
        queue.let_go(session, line.back)
        if not line.stop.is_set():
            copies = [one.claimed for one in offered if one.archived]
            mine = queue.mark(session, [one.claimed for one in offered], archived=copies)
        if key is not None and most:
            claims = queue.claim(session, worker_key=key, most=most, every=line.every)
    line.unwritten.clear()
    line.back.clear()
    may = [one.claimed for one in offered]
    return [one for one in may if (one.mail_id, one.lease_token) in mine], claims


def _heed(outcomes: list[Outcome]) -> None:
    """Let those domains rest that said "not so fast", each in a transaction of its own: no sender
    waits for one domain while it holds another."""
    said = [one for one in outcomes if isinstance(one.refusal, Deferred) and one.refusal.by_domain]
    for name in {domain(one.claimed.recipient).casefold() for one in said}:
        log.info("a domain rests", domain=name)
        with db.begin() as session:
            domain_limits.rest(session, domain=name, steps=results.retries())


def _any_due() -> bool:
    with db.read() as session:
        return queue.front(session).due


def _judged(line: Line, said: LaneReport) -> Outcome | Claim:
    """How the attempt ended; the claim, where the mail goes back as if it had not been claimed."""
    refusal = said.against
    if refusal is None and said.reply is None:
        return said.claimed  # its dot was not allowed
    if refusal is None:
        line.breaker.close()
        return Outcome(said.claimed, None, said.reply or "")
    if not isinstance(refusal, NotAccepted):
        raise refusal
    if refusal.unready and line.lanes.others_stand():
        log.info("the mail server takes no more connections", reply=refusal.reply)
        line.lanes.limit()
        return said.claimed
    return Outcome(said.claimed, refusal, pause=_pause(line.breaker, refusal))


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
