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
from shared.mails.kinds import KINDS
from shared.tables import OutboxRow, now
from shared.worker.loops import Heartbeat
from tests import apps
from tests.fakes import take
from tests.shared.forms import EXAMPLE

QUICK = {
    "MAIL_FROM": "no-reply@lakeside.example",
    "MAIL_RETRY": "0.05",
    "MAIL_BACKOFF": "0.05",
    "SMTP_TIMEOUT": "0.5",
    "DOT_TIMEOUT": "0.5",
    "RESEND_AFTER": "0.2",
}
TRACE = "0123456789abcdef0123456789abcdef"
VARIABLES = {
    "reference": "HK4T-W7RB",
    "title": "Sterile processing",
    "institution": "Lakeside State University",
    "office": "eLearning",
    "contact_name": "Renata Kowalczyk",
    "contact_email": "elearning@lakeside.example",
    "name": "Dolores",
    "status_url": "http://127.0.0.1:8000/status/HK4TW7RB",
    "first_reply_by": "Friday, November 13",
    "meeting_by": "Tuesday, November 24",
    "decision_by": "Thursday, December 3",
}
EVERY_VARIABLE = {
    **VARIABLES,
    "answers": "About you\n\n- Your name: Dolores Whitfield",
    "branch": "Employer",
    "proposer": "Dolores Whitfield",
    "organization": "",
    "case_url": "http://127.0.0.1:8001/cases/1",
    "letter": "We say yes.\n\nHere is why.",
    "signed_by": "Renata Kowalczyk, Director",
    "next_by": "Friday, November 13",
    "author": "Renata Kowalczyk",
    "due": "Friday, November 13",
    "by": "Lena Ortiz",
    "decision": "Accepted",
    "promise": "You have a contact person on our team",
    "owner": "Lena Ortiz",
    "former": "Regional E-Campus",
    "word": "She prefers calls.",
    "new": "3",
    "new_list": "http://127.0.0.1:8001/?tab=triage&owner=nobody",
    "ours": "12",
    "ours_list": "http://127.0.0.1:8001/?tab=open&due=ours",
    "late": "2",
    "late_list": "http://127.0.0.1:8001/?tab=open&due=late",
    "queue_url": "http://127.0.0.1:8001/",
    "address": "dolores@hospital.example",
    "reason": "5.1.1 nobody here",
    "password_url": "http://127.0.0.1:8001/password/k3",
    "role": "lead",
    "until": "Friday, November 13",
    "code": "482913",
    "kept_until": "Monday, January 25",
    "left": "9",
    "start_url": "http://127.0.0.1:8000/",
    "sections": "- Learners and demand\n- People and money",
    "slots": "- Monday, November 16, 10:00 a.m.\n- Tuesday, November 17, 2:00 p.m.",
    "agenda": "- Who would teach it?",
    "when": "Tuesday, November 17, 2:00 p.m.",
    "where": "online",
    "before": "Monday, November 16, 10:00 a.m.",
    "summary": "- We look for a teacher.\n- You ask your night shift.",
    "collaborator": "Ray Okafor",
    "step": "Dean of Applied Studies",
    "remaining": "- Curriculum committee\n- Provost",
    "public_url": "http://127.0.0.1:8000/offerings/sterile-processing",
    "renewed_by": "June 30, 2031",
    "answer": "approved",
    "answer_url": "http://127.0.0.1:8000/answer/t",
    "review_url": "http://127.0.0.1:8001/review/t",
    "approval_url": "http://127.0.0.1:8001/approval/t",
    "service": "intake",
    "parked": "3",
    "mail_waits": "yes",
    "events_wait": "yes",
    "trouble": "bounces",
    "silent": "yes",
    "minutes": "60",
    "operations_url": "http://127.0.0.1:8001/operations",
    "choose_at": "http://127.0.0.1:8001/account",
    "number": "7",
    "assigned": "- Sterile processing (HK4T-W7RB)",
    "mentioned": "- Sterile processing (HK4T-W7RB)",
    "post_from_proposer": "- Sterile processing (HK4T-W7RB)",
    "decision_waiting": "- Reading shop drawings (4M2K-PD9X)",
    "promise_passed": "- Reading shop drawings (4M2K-PD9X): Friday, November 13",
    "promise_near": "- Sterile processing (HK4T-W7RB): Friday, November 13",
    "case_awake": "- Water testing (7QWE-R2TY)",
    "mail_failed": "- Water testing (7QWE-R2TY)",
    "summary_url": "http://127.0.0.1:8001/summary/t",
}


def variables(kind: str) -> dict[str, str]:
    """A value for each variable of this kind."""
    return {name: EVERY_VARIABLE[name] for name in KINDS[kind].variables().fields}


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
