"""Mail: the rate of sending, and the time from the press of a button to acceptance."""

import json
import smtplib
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import Any

from sqlalchemy import func, insert, inspect, select
from sqlalchemy.orm import Session

from infra.processes import Part
from services.notify import delivery_status, mail_requests
from services.notify.models import Mail, MailAttempt
from shared import commands, db, events, strict_json
from tests.apps import EXAMPLE_VERSION
from tests.bench import drafts, suites
from tests.bench.figures import Row, at_least, at_most, p95
from tests.bench.floors import pipeline
from tests.bench.rig import Rig, plain
from tests.bench.suites import Sink, Spool
from tests.bench.visitor import Visitor
from tests.factories import EXAMPLES, a_key, sample
from tests.servers import Missing

WITHIN = 120.0
PACE = 0.1  # seconds between two submissions, without a backlog
Submit = Callable[[str], None]
Mails = Sink | Spool


def sender(rig: Rig) -> list[Row]:
    """Finished mails wait; the sender claims, offers, marks, ends and records each. Over aiosmtpd,
    over a real mail server where it can be had, and over one that costs next to nothing."""
    rows = [_row(rig, "aiosmtpd", suites.sink(rig, "aiosmtpd_server"), 0.7)]
    with suppress(Missing):
        rows.append(_row(rig, "Postfix", suites.spool(), 0.7))
    return [*rows, _row(rig, "a bare server", suites.sink(rig, "mail_server"), 0.6)]


def _row(rig: Rig, name: str, server: AbstractContextManager[Mails], goal: float) -> Row:
    app = rig.apps["notify"]
    with server as mails:
        settings = rig.production | {"OVERTURE_SMTP_URL": mails.url}
        with suites.running(rig, [suites.worker(rig, "notify")], settings):
            count = rig.size.events
            pairs = [
                (_sent(app, mails, count), _sent_by_floor(app, mails, count))
                for _ in range(rig.size.rounds + 1)
            ][1:]
    ours, floor = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return at_least(f"sender, to {name}", ours, floor, goal, unit="mails/s")


def latency(rig: Rig) -> list[Row]:
    """From the POST until the mail server has the receipt; both modes, one floor."""
    with ExitStack() as stack:
        sides: list[tuple[Submit, Sink]] = []
        # Databases of their own and empty queues: nothing that acts before have left is worked off.
        steady = rig.on_postgresql("steady") | {"OVERTURE_BROKER_URL": rig.amqp}
        both = [_with_topology(rig, one) for one in (steady, rig.on_sqlite("steady"))]
        rig.empty_queues()
        for settings in both:
            mails = stack.enter_context(suites.sink(rig))
            url, _ = stack.enter_context(suites.started(rig, settings, mails))
            sides.append((_submitting(url), mails))
        sides.append(_floor(rig, stack))
        rounds: list[list[float]] = [[] for _ in sides]
        for number in range(rig.size.rounds + 1):
            for place, (submit, mails) in enumerate(sides):
                count = rig.size.mails if number else rig.size.mails // 3  # which warm it up
                found = p95(_waits(submit, mails, count))
                rounds[place] += [found] if number else []
    production, embedded, floor = rounds
    return [
        at_most("submit → mail accepted, steady, p95", production, floor, 3),
        at_most("the same, embedded", embedded, floor, 8),
    ]


def _with_topology(rig: Rig, settings: dict[str, str]) -> dict[str, str]:
    app = rig.made(settings)["intake"]
    with app.app_context():
        commands.apply_topology()
    return settings


def _submitting(url: str) -> Submit:
    visitor = Visitor(url)
    body = sample(drafts.SAMPLE)
    key = next(spec["key"] for spec in drafts.PROFILE.questions if spec.get("role") == "contact")

    def submit(mailbox: str) -> None:
        body["answers"][key] = mailbox
        visitor.send("/api/v1/proposals", json.dumps(body).encode(), key=a_key())

    return submit


def _floor(rig: Rig, stack: ExitStack) -> tuple[Submit, Sink]:
    mails = stack.enter_context(suites.sink(rig))
    server = stack.enter_context(rig.floor())
    database = rig.floor_url.replace("+psycopg", "")
    with plain(database) as link:
        link.execute(pipeline.TABLES)
    command = [sys.executable, "-m", "tests.bench.floors.pipeline"]
    port = mails.url.rpartition(":")[2]
    parts = [
        Part(role, [*command, role, rig.amqp, database, port], rig.sub("log") / f"floor-{role}.log")
        for role in ("relay", "mailer")
    ]
    stack.enter_context(suites.running(rig, parts, {}))
    visitor = Visitor(server.url)
    answers = sample(drafts.SAMPLE)["answers"]

    def submit(mailbox: str) -> None:
        visitor.send("/two-rows", json.dumps(answers | {"recipient": mailbox}).encode())

    return submit, mails


def _waits(submit: Submit, mails: Sink, count: int) -> list[float]:
    """Milliseconds of each mail, with submissions at fixed intervals."""
    sent: dict[str, float] = {}
    began = time.time()
    for number in range(count):
        time.sleep(max(0.0, began + number * PACE - time.time()))
        mailbox = f"{uuid.uuid4().hex}@partners.example"
        sent[mailbox] = time.time()
        submit(mailbox)
    suites.until(lambda: sent.keys() <= mails.arrived().keys(), "receipts", within=WITHIN)
    arrived = mails.arrived()
    return [(arrived[mailbox] - at) * 1000 for mailbox, at in sent.items()]


def _sent(app: Any, mails: Mails, count: int) -> float:
    """Let so many mails wait, each with the bytes of one that was rendered, then let them go.
    Nobody asks the database before the server has them: that would take its share of the time."""
    all_there = mails.accepted() + count
    ids = [uuid.uuid4() for _ in range(count)]
    with app.app_context():
        with db.begin() as session:
            one = _rendered(app, session)
            rows = [one | {"id": own, "dedupe_key": f"bench:{own}", "message_id": f"<{own}>"}
                    for own in ids]  # fmt: skip
            session.execute(insert(Mail), rows)
            db.notify(session, channel=delivery_status.CHANNEL)
        attempts = select(
            func.count(), func.min(MailAttempt.ended_at), func.max(MailAttempt.ended_at)
        ).where(MailAttempt.mail_id.in_(ids), MailAttempt.outcome == "accepted")

        def seen() -> Any:
            with db.read() as session:
                return session.execute(attempts).one()

        suites.until(lambda: mails.accepted() >= all_there, "mails", within=WITHIN)
        suites.until(lambda: seen()[0] == count, "ends", within=WITHIN, every=suites.SELDOM)
        _, first, last = seen()
    seconds: float = (last - first).total_seconds()
    return (count - 1) / seconds


def _rendered(app: Any, session: Session) -> dict[str, Any]:
    """The columns of a finished mail; the mail itself is deleted."""
    own, identity = uuid.uuid4(), mail_requests.sending_identity(app.config)
    request = _request(own)
    prepared = mail_requests.prepare(request, identity=identity)
    mail_requests.store(session, request, prepared, identity=identity)
    mail = session.get_one(Mail, own)
    columns = {column.key: getattr(mail, column.key) for column in inspect(Mail).column_attrs}
    session.delete(mail)
    session.flush()
    return columns


def _request(mail_id: uuid.UUID) -> dict[str, Any]:
    data = strict_json.loads((EXAMPLES / "mail.requested.v1.json").read_bytes())["data"]
    own = {"mail_id": str(mail_id), "dedupe_key": f"bench:{mail_id}",
           "profile_version": EXAMPLE_VERSION}  # fmt: skip
    loaded: dict[str, Any] = events.tolerant("mail.requested.v1").load(data | own)
    return loaded


def _sent_by_floor(app: Any, mails: Mails, count: int) -> float:
    """Send the same bytes over one open connection."""
    with app.app_context(), db.read() as session:
        body = session.scalars(select(Mail.rendered).limit(1)).one()
    port = int(mails.url.rpartition(":")[2])
    with smtplib.SMTP("127.0.0.1", port, local_hostname="floor") as server:
        began = time.time()
        for _ in range(count):
            server.sendmail("floor@bench.example", ["somebody@bench.example"], body)
        return count / (time.time() - began)
