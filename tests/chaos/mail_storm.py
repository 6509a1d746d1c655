"""One policy for unconfirmed mail in a storm: its sender is killed at every crash point."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from flask import Flask
from sqlalchemy import func, select

from services.notify.models import Mail, MailAttempt
from shared import db
from shared.migrations import chain
from shared.tables import now
from tests import apps
from tests.alike.sources import ROOT
from tests.chaos.patience import patience
from tests.notify.mailing import QUICK, requested
from tests.smtp_sink.server import Server, serving

POINTS = ("sender.after_claim", "sender.after_connect", "sender.before_mark", "sender.after_mark",
          "sender.after_dot", "sender.after_reply", "sender.before_record")  # fmt: skip
NAIVE = ("sender.before_mark", "sender.after_reply")  # the crash points of the naive sender
POLICIES = ("ask", "resend", "verify", "naive")
TAKEN_BACK = 60.0  # seconds: a busy machine needs many of them to start Python
KEY = "Idempotency-Key"
MIGRATING = threading.Lock()  # Alembic keeps its state in the module
FAULTS: dict[str, list[tuple[int, bytes | str]]] = {  # per thousand, for each stage
    "rcpt": [(40, b"450 4.2.1 later\r\n"), (10, "drop"), (3, "hang")],
    "body": [(20, "drop")],
    "dot": [(30, "drop"), (50, "keep, then drop"), (30, "keep, late"), (4, "keep, then hang"),
            (20, b"451 4.3.0 not now\r\n")],
}  # fmt: skip


class Plan(NamedTuple):
    """One policy, and the amount of mails and kills."""

    policy: str
    mails: int
    kills: int
    until: float  # time.monotonic()
    folder: Path
    chance: random.Random


class Result(NamedTuple):
    """The counts of one policy."""

    policy: str
    kills: Counter[str]
    numbers: dict[str, int]
    violations: list[str]
    seconds: float


class Storm(NamedTuple):
    """One policy, running."""

    folder: Path
    chance: random.Random
    points: tuple[str, ...]
    command: list[str]
    environment: dict[str, str]
    patience: float  # seconds for one life

    def killed(self) -> Counter[str]:
        file = self.folder / "killed"
        lines = file.read_text().splitlines() if file.exists() else []
        return Counter(line.split("\t")[3] for line in lines)

    def blow(self, plan: Plan, *, done: Callable[[], bool]) -> None:
        """Start and kill until each crash point has killed enough and all mails are done."""
        share = -(-plan.kills // len(self.points))
        while time.monotonic() < plan.until:
            short = [one for one in self.points if self.killed()[one] < share]
            if not short and done():
                return
            self.one_life(self.chance.choice(short) if short else "", done)

    def one_life(self, point: str, done: Callable[[], bool]) -> None:
        armed = self.folder / "armed" / (point or "none")
        if point:
            armed.touch()
        process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment)
        end = time.monotonic() + self.patience
        while process.poll() is None and time.monotonic() < end and (point or not done()):
            time.sleep(0.02)
        armed.unlink(missing_ok=True)
        process.send_signal(signal.SIGKILL)
        process.wait()


@contextmanager
def _sink(chance: random.Random, *, provider: bool) -> Iterator[Server]:
    """A faulty mail server; a provider also drops mails with a known idempotency key."""

    def choose(stage: str) -> bytes | str | None:
        drawn = chance.randrange(1000)
        for share, act in FAULTS.get(stage, []):
            drawn -= share
            if drawn < 0:
                return act
        return None

    server = Server(choose, keep=lambda mail: None)
    if provider:
        keys: set[str] = set()
        plain_keep = server.keep

        def keep(name: str, *rest: object) -> None:
            body = str(rest[-1])
            key = body.partition(f"{KEY}: ")[2][:36]
            if key not in keys:
                keys.add(key)
                plain_keep(name, *rest)

        server.keep = keep  # type: ignore[method-assign]
    with serving(server):
        yield server


def run_policy(policy: str, *, mails: int, kills: int, seed: int, seconds: float) -> Result:
    """Run one policy from its first mail to the count."""
    start = time.monotonic()
    chance = random.Random(f"{seed} {policy}")
    with tempfile.TemporaryDirectory(prefix="overture-mail-") as name:
        plan = Plan(policy, mails, kills, start + seconds, Path(name), chance)
        for sub in ("armed", "fired"):
            (plan.folder / sub).mkdir()
        with _sink(chance, provider=policy == "verify") as server:
            run = _naive if policy == "naive" else _run_storm
            numbers, violations, storm = run(plan, server)
        found = storm.killed()
    expected = -(-kills // len(storm.points))
    violations += [f"{point} killed {found[point]} times, wanted {expected}"
                   for point in storm.points if found[point] < expected]  # fmt: skip
    return Result(policy, found, numbers, violations, time.monotonic() - start)


def _run_storm(plan: Plan, server: Server) -> tuple[dict[str, int], list[str], Storm]:
    policy, folder = plan.policy, plan.folder
    settings = QUICK | {
        "SMTP_URL": server.url,
        "DATABASE_URL": f"sqlite:///{folder}/notify.db",
        "RUN_DIR": str(folder),
        "MAIL_KEY_HEADER": KEY if policy == "verify" else "",
        "LOG_LEVEL": "CRITICAL",
    }
    app = apps.make("notify", **settings)
    with MIGRATING, app.app_context():
        chain.upgrade()
    apps.seed(app)
    for _ in range(plan.mails):
        requested(app, on_doubt=policy, expires_at=now() + timedelta(days=3))
    environment = dict(os.environ) | {f"NOTIFY_{key}": value for key, value in settings.items()}
    command = [sys.executable, "-m", "tests.crash_points", "sender", str(folder),
               "tests.notify.sending.lone_sender"]  # fmt: skip
    storm = Storm(folder, plan.chance, POINTS, command, environment, patience())
    unsettled = ["queued", "sending", "deferred"] + (["in_doubt"] if policy != "ask" else [])
    storm.blow(plan, done=lambda: _count(app, *unsettled) == 0)
    left = _left_in_sending(app, storm, unsettled)
    numbers, violations = _counted(app, server, policy)
    numbers["left in sending after a restart"] = left
    violations += [f"{left} left in sending"] if left else []
    unfinished = _count(app, *unsettled)
    violations += [f"{unfinished} never settled"] if unfinished else []
    apps.close(app)
    return numbers, violations, storm


def _left_in_sending(app: Flask, storm: Storm, unsettled: list[str]) -> int:
    """How many mails the next sender does not take back from one that was killed with a claim."""
    requested(app, on_doubt="resend", expires_at=now() + timedelta(days=3))
    storm.one_life("sender.after_claim", lambda: False)
    process = subprocess.Popen(storm.command, cwd=ROOT, env=storm.environment)
    try:
        end = time.monotonic() + TAKEN_BACK
        while _count(app, *unsettled) and time.monotonic() < end:
            time.sleep(0.1)
        return _count(app, "sending")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _count(app: Flask, *states: str) -> int:
    with app.app_context(), db.read() as session:
        query = select(func.count()).select_from(Mail).where(Mail.state.in_(states))
        return session.scalar(query) or 0


def _counted(app: Flask, server: Server, policy: str) -> tuple[dict[str, int], list[str]]:
    copies = Counter(mail.message_id for mail in server.accepted)
    with app.app_context(), db.read() as session:
        mails = [(mail.message_id[1:-1], mail.state) for mail in session.scalars(select(Mail))]
        doubted = select(func.count(func.distinct(MailAttempt.mail_id)))
        listed = session.scalar(doubted.where(MailAttempt.outcome == "in_doubt")) or 0
    lost = sum(1 for name, state in mails if not copies[name] and state not in ("in_doubt",))
    doubled = sum(1 for name, _ in mails if copies[name] > 1)
    open_doubts = [name for name, state in mails if state == "in_doubt"]
    numbers = {
        "mails": len(mails),
        "accepted at least once": sum(1 for name, _ in mails if copies[name]),
        "lost in silence": lost,
        "accepted twice or more": doubled,
        "doubts, all listed": listed,
        "left for a person": len(open_doubts),
        "of these had arrived": sum(1 for name in open_doubts if copies[name]),
    }
    promised = {"ask": 0, "verify": 0, "resend": listed}[policy]
    violations = [f"{lost} lost in silence"] if lost else []
    violations += [f"{doubled} doubled, at most {promised}"] if doubled > promised else []
    if policy != "ask" and open_doubts:
        violations.append(f"{len(open_doubts)} still in doubt")
    return numbers, violations


def _naive(plan: Plan, server: Server) -> tuple[dict[str, int], list[str], Storm]:
    mails, file = plan.mails, plan.folder / "naive.db"
    link = sqlite3.connect(file, timeout=10, isolation_level=None)
    link.execute("CREATE TABLE mails (id TEXT PRIMARY KEY, sent INTEGER DEFAULT 0)")
    names = [f"{number}.naive@lakeside.example" for number in range(mails)]
    link.executemany("INSERT INTO mails (id) VALUES (?)", [(name,) for name in names])
    command = [sys.executable, "-m", "tests.crash_points", "sender", str(plan.folder),
               "tests.chaos.naive_sender", str(file), str(server.port)]  # fmt: skip
    storm = Storm(plan.folder, plan.chance, NAIVE, command, dict(os.environ), patience())
    waiting = "SELECT count(*) FROM mails WHERE sent = 0"
    storm.blow(plan, done=lambda: not link.execute(waiting).fetchone()[0])
    link.close()
    copies = Counter(mail.message_id for mail in server.accepted)
    numbers = {
        "mails": mails,
        "accepted at least once": sum(1 for name in names if copies[name]),
        "lost in silence": sum(1 for name in names if not copies[name]),
        "accepted twice or more": sum(1 for name in names if copies[name] > 1),
        "doubts, all listed": 0,
    }
    return numbers, [], storm
