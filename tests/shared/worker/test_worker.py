"""A worker runs all its loops or exits, reports trouble, and stops cleanly."""

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from services.intake.models import CaseView
from services.review.models import Case
from shared import db, outbox
from shared.outbox import retention
from shared.tables import DeferredEvent, InboxRow, LoopRow, OutboxRow, now
from shared.worker.loops import Heartbeat, SignOfLife, run_every, run_loop
from tests.alike.sources import ROOT
from tests.apps import on_sqlite
from tests.factories import a_post, an_event, count, id_of, rows, send
from tests.fakes import take

WITHIN = 60.0

OWN_LOOP = """
import sys, time
from services.review import create_app
from shared import worker

def fails(stop, beat):
    raise RuntimeError("a fault of ours")

def hangs(stop, beat):
    beat(within=0.2)
    time.sleep(600)

app = create_app()
app.extensions["loops"] |= {"own": locals()[sys.argv[1]]}
sys.exit(worker.run(app))
"""


Start = Callable[..., "subprocess.Popen[bytes]"]


class Impatient(threading.Event):
    """An event for which nobody waits."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


@pytest.fixture
def workers(apps: dict[str, Flask], tmp_path: Path) -> Iterator[Start]:
    """Start `flask worker` of a service on the databases of `apps`; ended with the test."""
    broker = f"sqlite:///{tmp_path}/broker.db"
    environment = os.environ | {
        "OVERTURE_DATABASE_URL": f"sqlite:///{tmp_path}/{{service}}.db",
        "OVERTURE_BROKER_URL": broker,
        "OVERTURE_RUN_DIR": str(tmp_path / "run"),
        "PYTHONPATH": str(ROOT),
    }
    apps["intake"].config["BROKER_URL"] = broker
    assert apps["intake"].test_cli_runner().invoke(args=["topology", "apply"]).exit_code == 0
    started: list[subprocess.Popen[bytes]] = []

    def start(service: str, *words: str) -> subprocess.Popen[bytes]:
        command = words or ("-m", "flask", "--app", f"services.{service}", "worker")
        started.append(
            subprocess.Popen(
                [sys.executable, *command],
                env=environment,
                cwd=tmp_path,
                stderr=subprocess.DEVNULL,
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@on_sqlite
@pytest.mark.slow
def test_workers_carry_a_proposal_to_review_and_its_state_back(
    apps: dict[str, Flask], workers: Start
):
    running = [workers("intake"), workers("review")]
    assert send(apps["intake"].test_client()).status_code == 201
    until(lambda: count(apps["intake"], CaseView))
    assert count(apps["review"], Case) == 1
    loops = set(apps["intake"].extensions["loops"])
    until(lambda: {row.name for row in rows(apps["intake"], LoopRow)} == loops)
    assert apps["intake"].test_client().get("/readyz").status_code == 200

    for process in running:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(WITHIN) for process in running] == [0, 0]


@on_sqlite
@pytest.mark.slow
def test_a_second_embedded_worker_stands_by_and_takes_over_when_the_first_is_killed(
    apps: dict[str, Flask], workers: Start, tmp_path: Path
):
    first = workers("intake")
    until(lambda: count(apps["intake"], LoopRow))
    second = workers("intake")
    written = {row.name: row.seen_at for row in rows(apps["intake"], LoopRow)}
    first.kill()
    first.wait()
    until(lambda: any(row.seen_at > written[row.name] for row in rows(apps["intake"], LoopRow)))
    assert second.poll() is None
    second.terminate()
    assert second.wait(WITHIN) == 0


@on_sqlite
@pytest.mark.slow
def test_a_standby_ends_on_request(apps: dict[str, Flask], workers: Start):
    workers("intake")
    until(lambda: count(apps["intake"], LoopRow))
    second = workers("intake")
    until(lambda: _handles_sigterm(second.pid))
    assert second.poll() is None
    second.terminate()
    assert second.wait(WITHIN) == 0


def _handles_sigterm(pid: int) -> bool:
    """Whether the process has a handler by now; until then SIGTERM would just end it."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught >> (signal.SIGTERM - 1) & 1)


@on_sqlite
@pytest.mark.slow
@pytest.mark.parametrize(("loop", "code"), [("fails", 1), ("hangs", 70)])
def test_a_loop_that_dies_or_hangs_ends_the_process(
    apps: dict[str, Flask], workers: Start, loop: str, code: int
):
    assert workers("review", "-c", OWN_LOOP, loop).wait(WITHIN) == code


@on_sqlite
@pytest.mark.slow
def test_a_worker_that_starts_takes_up_what_an_older_release_could_not_read(
    apps: dict[str, Flask], workers: Start
):
    event = an_event("mail.changed.v1")
    take(apps["review"], event, handlers={"mail.changed.v1": lambda session, data: None})
    with apps["review"].app_context(), db.begin() as session:
        session.query(InboxRow).delete()
        session.add(
            DeferredEvent(
                event_id=id_of(event),
                event_type="",
                queue="review.from-notify.v1",
                content_type="application/cloudevents+json",
                envelope=event,
                state="parked",
                reason="unknown_type: edu.overture.mail.changed.v1",
            )
        )
    workers("review")
    until(lambda: count(apps["review"], InboxRow) == 1)
    assert count(apps["review"], DeferredEvent) == 0


@on_sqlite
def test_a_loop_goes_on_after_thousands_of_failures_of_the_broker(apps: dict[str, Flask]):
    stop, signs, tries = Impatient(), dict[str, SignOfLife](), []

    def step() -> int:
        tries.append(1)
        if len(tries) == 3000:
            stop.set()
        raise outbox.Unconfirmed("broker: connection refused")

    run_loop(step, stop=stop, beat=Heartbeat(signs, "relay"), wait=stop.wait)
    assert len(tries) == 3000
    assert signs["relay"].trouble == "broker: connection refused"


@on_sqlite
def test_a_fault_of_ours_ends_the_loop(apps: dict[str, Flask]):
    stop = Impatient()
    with pytest.raises(ZeroDivisionError):
        run_loop(lambda: 1 // 0, stop=stop, beat=Heartbeat({}, "relay"), wait=stop.wait)


def test_a_loop_that_rests_between_two_turns_leaves_that_time_to_the_others():
    stop, turns = threading.Event(), list[float]()

    def turn() -> int:
        turns.append(time.monotonic())
        if len(turns) == 3:
            stop.set()
        return 100

    run_every(60.0, turn, stop=stop, beat=Heartbeat({}, "a loop"), rest=0.3)
    assert min(later - sooner for sooner, later in itertools.pairwise(turns)) >= 0.3


def test_only_rows_older_than_the_retention_are_deleted(apps: dict[str, Flask]):
    app = apps["intake"]
    with app.app_context():
        with db.begin() as session:
            for _ in range(3):
                outbox.add(session, "post.added.v1", a_post())
        with db.begin() as session:
            first, second, _ = session.query(OutboxRow).order_by(OutboxRow.id)
            first.published_at, second.published_at = long_ago(36), long_ago(34)
            for days in (36, 34):
                session.add(
                    InboxRow(
                        event_id=id_of(an_event("post.added.v1")),
                        event_type="post.added.v1",
                        sha256=b"",
                        handled_at=long_ago(days),
                    )
                )
        for state in ("discarded", "parked"):
            take(app, an_event("post.added.v1"))
            with db.begin() as session:
                session.query(DeferredEvent).filter_by(state="deferred").update(
                    {"state": state, "last_seen_at": long_ago(36)}
                )
        assert retention.delete_old_rows(days=35) == 3
    assert (count(app, OutboxRow), count(app, InboxRow)) == (2, 1)
    assert [row.state for row in rows(app, DeferredEvent)] == ["parked"]


def long_ago(days: int) -> datetime:
    return now() - timedelta(days=days)
