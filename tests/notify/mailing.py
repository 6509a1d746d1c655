"""Helpers for the tests of notify: request mails, run the sender, read what was announced."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from services.notify import timers
from services.notify.models import Mail
from shared import db, events, strict_json
from shared.broker.consumer import Verdict
from shared.tables import OutboxRow, now
from shared.worker.loops import Heartbeat
from tests import apps
from tests.fakes import take
from tests.notify.sample_variables import VARIABLES
from tests.shared.forms import EXAMPLE

QUICK = {
    "MAIL_FROM": "ideas@lakeside.example",
    "MAIL_RETRY": "0.05",
    "MAIL_BACKOFF": "0.05",
    "SMTP_TIMEOUT": "0.5",
    "DOT_TIMEOUT": "0.5",
    "RESEND_AFTER": "0.2",
}
TRACE = "0123456789abcdef0123456789abcdef"


def notify(database: str, folder: Path, **config: str) -> Flask:
    """A notify with the example profile and little patience."""
    settings = {**QUICK, **config, "DATABASE_URL": database, "RUN_DIR": str(folder)}
    app = apps.make("notify", **settings)
    apps.seed(app)
    return app


def a_mail(**changes: Any) -> dict[str, Any]:
    """The data of a mail.requested, in Python's types."""
    return {
        "mail_id": uuid.uuid4(),
        "version": 1,
        "kind": "receipt",
        "dedupe_key": f"receipt:{uuid.uuid4()}",
        "proposal_id": uuid.uuid4(),
        "reference": "HK4T-W7RB",
        "person_id": uuid.uuid4(),
        "to_address": "dolores@hospital.example",
        "to_name": "Dolores Whitfield",
        "reply_to": {"name": "Renata Kowalczyk", "email": "elearning@lakeside.example"},
        "language": "en",
        "profile_version": EXAMPLE.version,
        "variables": VARIABLES,
        "expires_at": now() + timedelta(days=3),
        "on_doubt": "resend",
        **changes,
    }


def envelope(name: str, data: dict[str, Any], *, speaker: str = "intake") -> bytes:
    """The event as the queue holds it."""
    plain = events.strict(name).dump(data)
    return strict_json.dumps(
        {
            "specversion": "1.0",
            "id": str(uuid.uuid4()),
            "source": f"/overture/{speaker}",
            "type": events.PREFIX + name,
            "subject": str(plain[events.EVENTS[name].thing]),
            "time": now().isoformat(),
            "datacontenttype": "application/json",
            "traceparent": f"00-{TRACE}-0123456789abcdef-01",
            "data": plain,
        }
    )


def arrives(app: Flask, name: str, data: dict[str, Any]) -> None:
    """Deliver the event to the inbox; again while the inbox pauses."""
    body = envelope(name, data)
    until(lambda: take(app, body) is Verdict.ACK)


def requested(app: Flask, **changes: Any) -> uuid.UUID:
    """Request a mail and return its id."""
    data = a_mail(**changes)
    arrives(app, "mail.requested.v1", data)
    mail_id: uuid.UUID = data["mail_id"]
    return mail_id


@contextmanager
def sender(app: Flask) -> Iterator[None]:
    """Run a sender for the length of the block."""
    stop = threading.Event()

    def run() -> None:
        with app.app_context():
            timers.send_mails(stop, Heartbeat({}, "sender"))

    thread = threading.Thread(target=run)  # pytest fails the test in which it dies
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=20)
    assert not thread.is_alive()


def until(condition: Callable[[], object], *, within: float = 20.0) -> None:
    """Wait until the condition holds; `within` is a bound, not a measurement."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "the condition did not come true"
        time.sleep(0.02)


def mail_of(app: Flask, mail_id: uuid.UUID) -> Mail:
    """The row of the mail; read again where our own connection was cut."""
    try:
        with app.app_context(), db.read() as session:
            return session.get_one(Mail, mail_id)
    except DBAPIError:
        with app.app_context(), db.read() as session:
            return session.get_one(Mail, mail_id)


def is_in(app: Flask, mail_id: uuid.UUID, state: str) -> bool:
    return mail_of(app, mail_id).state == state


def wait_for_state(app: Flask, mail_id: uuid.UUID, state: str) -> None:
    """Wait until the mail is in this state."""
    until(lambda: is_in(app, mail_id, state))


def announced(app: Flask, name: str = "mail.changed.v1") -> list[dict[str, Any]]:
    """The data of the events with this name that notify published, in order."""
    with app.app_context(), db.read() as session:
        query = select(OutboxRow.envelope).where(OutboxRow.event_type == name)
        envelopes = session.scalars(query.order_by(OutboxRow.id)).all()
    return [strict_json.loads(envelope)["data"] for envelope in envelopes]


def states(app: Flask, mail_id: uuid.UUID, *, waited: bool = False) -> list[str]:
    """The announced states of one mail, in order; versions count up by one. "queued" is left out
    unless `waited`: on a slow machine any mail may have to wait.
    """
    events = [data for data in announced(app) if data["mail_id"] == str(mail_id)]
    assert [data["version"] for data in events] == list(range(1, len(events) + 1))
    if events and (events[0]["state"], events[0]["reason"]) == ("queued", None) and not waited:
        events = events[1:]
    return [data["state"] for data in events]
