"""A worker that is stopped (SIGSTOP) while the mail server has a mail of it after its final dot."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from services.notify.sending import liveness
from shared import db
from shared.tables import LoopRow, WorkerRow
from shared.worker.leases import LEASE
from tests.alike.sources import ROOT
from tests.apps import close, on_postgresql, on_sqlite
from tests.factories import count, rows
from tests.notify.mailing import (
    QUICK,
    is_in,
    mail_of,
    requested,
    sender,
    states,
    until,
    wait_for_state,
)
from tests.notify.mailing import notify as notify_app
from tests.smtp_sink import Server, sink

pytestmark = pytest.mark.slow

SEEN_WITHIN = 2.0  # seconds after the end of the lease
LOOK = 0.05
PATIENT = {"DOT_TIMEOUT": "600", "RESEND_AFTER": "3600"}

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def make(database: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Make a notify that speaks to this sink."""
    made: list[Flask] = []

    def make_one(server: Server) -> Flask:
        made.append(notify_app(database, tmp_path, SMTP_URL=server.url))
        return made[-1]

    yield make_one
    for app in made:
        close(app)


@pytest.fixture
def workers(apps: dict[str, Flask], tmp_path: Path) -> Iterator[Callable[[Server], Start]]:
    """Start `flask worker` of notify; ended with the test."""
    broker = f"sqlite:///{tmp_path}/broker.db"
    apps["notify"].config["BROKER_URL"] = broker
    assert apps["notify"].test_cli_runner().invoke(args=["topology", "apply"]).exit_code == 0
    started: list[subprocess.Popen[bytes]] = []

    def speaking_to(server: Server) -> Start:
        settings = {
            **QUICK,
            **PATIENT,
            "SMTP_URL": server.url,
            "DATABASE_URL": apps["notify"].config["DATABASE_URL"],
            "BROKER_URL": broker,
            "RUN_DIR": str(tmp_path / "run"),
        }
        environment = {f"NOTIFY_{name}": value for name, value in settings.items()}

        def start() -> "subprocess.Popen[bytes]":
            process = subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "services.notify", "worker"],
                env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
                stderr=subprocess.DEVNULL,
            )
            started.append(process)
            return process

        return start

    yield speaking_to
    for process in started:
        process.kill()
        process.wait()


def runs(app: Flask, process: "subprocess.Popen[bytes]") -> bool:
    """Whether the loops of this process have begun."""
    return bool(count(app, WorkerRow, WorkerRow.pid == process.pid)) and bool(count(app, LoopRow))


def lease_ends_in(app: Flask, process: "subprocess.Popen[bytes]", *, of_sender: bool) -> float:
    """Seconds until the lease of its sender, or of the process, is over."""
    with app.app_context(), db.read() as session:
        is_process = WorkerRow.key == WorkerRow.process
        wanted = ~is_process if of_sender else is_process
        (tick,) = session.query(WorkerRow.tick).filter(WorkerRow.pid == process.pid, wanted).one()
        if db.embedded():
            current = time.monotonic()
        else:
            current = float(session.scalar(text("SELECT extract(epoch FROM clock_timestamp())")))
    return LEASE - (current - tick)


def ready(app: Flask) -> tuple[int, dict[str, Any]]:
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.json["parts"]


@on_postgresql
def test_another_worker_lists_the_mail_as_unconfirmed_and_readyz_names_the_stopped_one(
    apps: dict[str, Flask], workers: Callable[[Server], Start]
):
    notify = apps["notify"]
    with sink([("dot", "drip")]) as server:  # its reply takes seconds
        start = workers(server)
        first = start()
        until(lambda: runs(notify, first))
        mail_id = requested(notify, on_doubt="ask")
        until(lambda: server.accepted)
        first.send_signal(signal.SIGSTOP)
        second = start()
        until(lambda: runs(notify, second))
        assert is_in(notify, mail_id, "sending")
        time.sleep(lease_ends_in(notify, first, of_sender=True))
        until(lambda: is_in(notify, mail_id, "in_doubt"), within=SEEN_WITHIN)

        until(lambda: "worker" in ready(notify)[1], within=10.0)
        status, parts = ready(notify)
        assert (status, parts["worker"]["state"]) == (503, "broken")
        assert f"process {first.pid}" in parts["worker"]["detail"]
        other = requested(notify)
        wait_for_state(notify, other, "sent")

        first.send_signal(signal.SIGCONT)  # it learns what became of the mail
        wait_for_state(notify, mail_id, "sent")
        until(lambda: ready(notify)[0] == 200)
        assert server.count(mail_of(notify, mail_id).message_id.strip("<>")) == 1
    assert states(notify, mail_id) == ["in_doubt", "sent"]


@on_sqlite
def test_a_standby_ends_the_stopped_worker_and_takes_over(
    apps: dict[str, Flask], workers: Callable[[Server], Start]
):
    notify = apps["notify"]
    with sink([("dot", "hang")]) as server:
        start = workers(server)
        first = start()
        until(lambda: runs(notify, first))
        start()
        mail_id = requested(notify, on_doubt="ask")
        until(lambda: mail_of(notify, mail_id).dot_at)
        first.send_signal(signal.SIGSTOP)
        time.sleep(lease_ends_in(notify, first, of_sender=False))
        status, parts = ready(notify)
        assert (status, parts["worker"]["state"]) == (503, "broken")
        assert f"process {first.pid}" in parts["worker"]["detail"]
        assert first.wait(SEEN_WITHIN) == -signal.SIGKILL
        wait_for_state(notify, mail_id, "in_doubt")
        until(lambda: ready(notify)[0] == 200)
        other = requested(notify)
        wait_for_state(notify, other, "sent")


def test_a_dot_that_was_allowed_too_long_ago_is_not_sent(
    make: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
):
    """As in a process that was stopped between the mark and the dot, and goes on."""
    with sink() as server:
        app = make(server)
        monkeypatch.setattr(liveness, "DOT_WITHIN", -1.0)
        mail_id = requested(app, on_doubt="ask")
        with sender(app):
            wait_for_state(app, mail_id, "deferred")
            assert server.accepted == []
            monkeypatch.undo()
            wait_for_state(app, mail_id, "sent")
    assert "in_doubt" not in states(app, mail_id)


@on_sqlite
def test_a_worker_that_is_only_slow_keeps_its_lock(
    apps: dict[str, Flask], workers: Callable[[Server], Start]
):
    notify = apps["notify"]
    with sink() as server:
        start = workers(server)
        first = start()
        until(lambda: runs(notify, first))
        start()
        with notify.app_context(), db.begin() as session:
            session.query(WorkerRow).update({"tick": WorkerRow.tick - 10 * LEASE})
        time.sleep(2.0)
        assert first.poll() is None
        until(lambda: lease_ends_in(notify, first, of_sender=False) > 0)
        assert len(rows(notify, WorkerRow)) == 1
