"""Claiming mails from a long queue, compared with a short one."""

import os
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert

from services.notify.models import Mail
from services.notify.sending import queue
from shared import db
from shared.tables import now
from tests.bench import accounts
from tests.bench.crowds import settle
from tests.bench.figures import Row, at_most
from tests.bench.rig import Rig

AT_ONCE = 5_000  # rows per insert
CLAIMS = 20  # per round
HELD = 16  # mails per claim


def claim(rig: Rig) -> list[Row]:
    """Both databases, each with a short and a long queue, in turns."""
    results = []
    for kind, make in (("postgresql", rig.on_postgresql), ("sqlite", rig.on_sqlite)):
        apps, held = [], []
        for count in (rig.size.few, rig.size.many):
            apps.append(_filled(rig, make(f"claims_{kind}_{count}"), count))
            _round(apps[-1])
            held.append(accounts.resident(os.getpid()))
        pairs = [[_round(app) for app in apps] for _ in range(rig.size.rounds)]
        few, many = ([pair[place] for pair in pairs] for place in (0, 1))
        sizes = f"{rig.size.many:,} queued beside {rig.size.few:,}"
        row = at_most(f"{HELD} mails claimed, {kind}, {sizes}", many, few, 1.15)
        results.append(row._replace(reason=f"memory {held[0]:.0f} → {held[1]:.0f} MB"))
    return results


def _filled(rig: Rig, settings: dict[str, str], count: int) -> Flask:
    """notify with a queue of this length."""
    app = rig.made(settings)["notify"]
    with app.app_context():
        for rows in _rows(count):
            with db.begin() as session:
                session.execute(insert(Mail), rows)
    if settings["OVERTURE_DATABASE_URL"].startswith("postgresql"):
        settle(settings, "notify")
    return app


def _round(app: Flask) -> float:
    """Milliseconds per claim."""
    with app.app_context():
        began = time.perf_counter()
        for _ in range(CLAIMS):
            with db.begin() as session:
                claims = queue.claim(session, worker_key=1, most=HELD)
                queue.let_go(session, claims)
        return (time.perf_counter() - began) * 1000 / CLAIMS


def _rows(count: int) -> Iterator[list[dict[str, Any]]]:
    """Queued mails, each a little later than the last."""
    at = now() - timedelta(days=1)
    for start in range(0, count, AT_ONCE):
        numbers = range(start, min(count, start + AT_ONCE))
        yield [_row(at + timedelta(milliseconds=number)) for number in numbers]


def _row(at: Any) -> dict[str, Any]:
    mail_id = uuid.uuid4()
    return {
        "id": mail_id,
        "dedupe_key": str(mail_id),
        "kind": "receipt",
        "on_doubt": "resend",
        "message_id": f"<{mail_id}.1@lakeside.example>",
        "rendered": b"Subject: A receipt\r\n\r\n" + b"Thank you.\r\n" * 40,
        "recipient": "somebody@partners.example",
        "envelope_from": "no-reply@lakeside.example",
        "state": "queued",
        "next_attempt_at": at,
        "expires_at": now() + timedelta(days=3),
        "proposal_id": mail_id,
        "traceparent": "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01",
    }
