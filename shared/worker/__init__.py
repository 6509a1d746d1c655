"""`flask worker`: one process per service, one thread per loop, each with its own connections.

If a loop dies or hangs, the whole process exits and its supervisor starts it again, so a worker
never runs with some of its loops missing. A broker, database or mail server that is away is no
reason to exit: the loop reports the trouble, pauses and tries again.
"""

import gc
import os
import signal
import threading
import time
from collections.abc import Mapping

from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from shared import crash, db, inbox, logs, outbox
from shared.broker.consumer import consume
from shared.broker.publisher import Publisher
from shared.log_lines import library_records, standard_error
from shared.outbox import retention
from shared.outbox.batching import BurstBatching
from shared.tables import LoopRow, now
from shared.worker import leases, startup
from shared.worker.loops import Heartbeat, Loop, SignOfLife, run_every, run_loop

log = logs.logger(__name__)


def init_app(
    app: Flask, *, handlers: dict[str, inbox.Handler], loops: Mapping[str, Loop] | None = None
) -> None:
    """Register the event handlers of this service, and the loops that only it has."""
    app.extensions["handlers"] = handlers
    app.extensions["loops"] = {
        "relay": _relay,
        "consumer": _consume,
        "retries": _retry,
        "timers": _timers,
        **(loops or {}),
    }


def run(app: Flask) -> int:
    """Run every loop until SIGTERM or SIGINT; return the exit code (1 when a loop died or hung)."""
    library_records.install()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    app.extensions["warn_at_start"]()
    with app.app_context():
        if not startup.wait(stop):
            return 0
    # Imported objects are never garbage, and one turn allocates more than the default threshold.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    signs: dict[str, SignOfLife] = {}
    threads = [
        threading.Thread(
            target=_in_context, args=(app, loop, stop, Heartbeat(signs, name)), name=name
        )
        for name, loop in app.extensions["loops"].items()
    ]
    for thread in threads:
        thread.daemon = True
        thread.start()
    log.info("worker started", service=app.config["SERVICE"], loops=sorted(signs))
    with app.app_context():
        code = _watch(threads, signs, stop)
    stop.set()
    for thread in threads:
        thread.join(timeout=10)
    with app.app_context():
        _end_lease()
    log.info("worker stopped", service=app.config["SERVICE"], code=code)
    return code


def _in_context(app: Flask, loop: Loop, stop: threading.Event, beat: Heartbeat) -> None:
    try:
        with app.app_context():
            loop(stop, beat)
    except Exception:
        log.exception("loop died", loop=threading.current_thread().name)


def _watch(
    threads: list[threading.Thread], signs: dict[str, SignOfLife], stop: threading.Event
) -> int:
    saved_at = 0.0
    while not stop.wait(0.5):
        current = time.monotonic()
        hung = [name for name, sign in signs.items() if current - sign.seen > sign.within]
        if hung:
            log.error("loop hangs; the worker exits", loops=hung)
            os._exit(70)  # Python cannot stop a thread
        if not all(thread.is_alive() for thread in threads):
            return 1
        if current - saved_at > leases.RENEW_EVERY:
            _save_heartbeats(signs)
            saved_at = current
    return 0


def _save_heartbeats(signs: dict[str, SignOfLife]) -> None:
    rows = [
        {"name": name, "seen_at": now(), "trouble": sign.trouble}
        for name, sign in list(signs.items())
    ]
    try:
        with db.begin() as session:
            insert = db.insert(session, LoopRow)
            new = {"seen_at": insert.excluded.seen_at, "trouble": insert.excluded.trouble}
            session.execute(insert.on_conflict_do_update(index_elements=["name"], set_=new), rows)
            leases.renew(session, trouble=standard_error.trouble())
            leases.remove_dead(session)
    except DBAPIError as error:
        log.warning("heartbeats could not be saved", error=str(error.orig)[:200])


def _end_lease() -> None:
    try:
        with db.begin() as session:
            leases.give_up(session)
    except DBAPIError as error:
        log.warning("the lease could not be given up", error=str(error.orig)[:200])


def _relay(stop: threading.Event, beat: Heartbeat) -> None:
    config = current_app.config
    publisher, batching = Publisher(config["BROKER_URL"], config["SERVICE"]), BurstBatching()
    try:
        while not stop.is_set():
            try:
                with db.changes(outbox.CHANNEL) as wait:
                    run_loop(
                        lambda: _publish(publisher, batching),
                        stop=stop,
                        beat=beat,
                        wait=lambda seconds: batching.wait(seconds, wait, stop=stop),
                    )
            except DBAPIError as error:  # the listening connection was lost
                beat(str(error)[:300])
                stop.wait(1.0)
    finally:
        publisher.close()


def _publish(publisher: Publisher, batching: BurstBatching) -> int:
    """Relay one batch; return whether more is due. Publish nothing during a broker alarm."""
    if publisher.blocked_since is not None:
        publisher.idle()
    if publisher.blocked_since is not None:
        raise outbox.Unconfirmed("broker: blocked by a memory or disk alarm")
    result = outbox.relay(publisher)
    batching.record(result.confirmed)
    if not result.more_due:
        publisher.idle()
    return result.more_due


def _consume(stop: threading.Event, beat: Heartbeat) -> None:
    config = current_app.config
    handlers = current_app.extensions["handlers"]
    trouble: str | None = None

    def note(state: str) -> None:
        nonlocal trouble
        trouble = None if state == "connected" else state
        log.info("broker", state=state)

    consume(
        config["BROKER_URL"],
        config["SERVICE"],
        lambda delivery: inbox.handle(delivery, handlers=handlers),
        stop,
        beat=lambda: beat(trouble),
        state=note,
        on_ack=lambda: crash.point("consumer.in_ack"),
    )


def _retry(stop: threading.Event, beat: Heartbeat) -> None:
    handlers = current_app.extensions["handlers"]
    run_loop(lambda: inbox.retry(handlers=handlers), stop=stop, beat=beat, wait=stop.wait)


def _timers(stop: threading.Event, beat: Heartbeat) -> None:
    days = int(current_app.config["KEEP_DAYS"])
    run_every(3600, lambda: retention.delete_old_rows(days=days), stop=stop, beat=beat)
