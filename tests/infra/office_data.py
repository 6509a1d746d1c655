"""Data for the commands of docs/operations.md: a mail in doubt, a parked event, a case."""

import json
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from urllib.request import Request, urlopen

from flask import Flask

from services.notify.models import Mail, Suppression
from services.review.cases import visibility
from shared import db, logs
from shared.tables import DeferredEvent, now
from tests.factories import sample

ARRIVES_WITHIN = 60.0
SENDER = "ray@okafor-millwork.example"  # the proposer of the sample below


def words_for(command: str, apps: Mapping[str, Flask], *, intake: str) -> dict[str, str]:
    """New data for the placeholders of this command, so that it finds what it needs."""
    words = {}
    if "MAIL_ID" in command:
        words["MAIL_ID"] = _mail_in_doubt(apps["notify"])
    if "EVENT_ID" in command:
        words["EVENT_ID"] = _parked_event(apps)
    if "ADDRESS" in command:
        words["ADDRESS"] = SENDER
        _suppress(apps["notify"])
        _case(apps["review"], intake)
    return words


def _mail_in_doubt(app: Flask) -> str:
    mail = uuid.uuid4()
    with app.app_context(), db.begin() as session:
        session.add(
            Mail(
                id=mail,
                dedupe_key=str(mail),
                kind="decision",
                on_doubt="ask",
                message_id=f"<{mail}@overture.example>",
                rendered=f"Message-ID: <{mail}@overture.example>\r\n\r\nA letter.\r\n".encode(),
                recipient=SENDER,
                domain=SENDER.partition("@")[2],
                envelope_from="no-reply@example.edu",
                state="in_doubt",
                dot_at=now(),
                expires_at=now() + timedelta(days=3),
                traceparent=logs.new_traceparent(),
            )
        )
    return str(mail)


def _parked_event(apps: Mapping[str, Flask]) -> str:
    """Park an event with the same id in each service, as the page may mean any."""
    event = uuid.uuid4()
    for app in apps.values():
        with app.app_context(), db.begin() as session:
            session.add(
                DeferredEvent(
                    event_id=event,
                    event_type="case.changed.v1",
                    queue="intake.from-review.v1",
                    content_type="application/json",
                    envelope=b"{}",
                    state="parked",
                    reason="refused: made by a test",
                )
            )
    return str(event)


def _suppress(app: Flask) -> None:
    with app.app_context(), db.begin() as session:
        row = {"address": SENDER, "reason": "550 5.1.1 no such user", "since": now()}
        db.insert_new(session, Suppression, values=row)


def _case(app: Flask, intake: str) -> None:
    """A case from a proposal of SENDER, submitted by the API."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
    body = json.dumps(sample("partner-half-idea")).encode()
    request = Request(f"{intake}/api/v1/proposals", body, headers)  # noqa: S310 - on loopback
    with urlopen(request, timeout=30) as answer:  # noqa: S310 - on loopback
        reference = json.load(answer)["reference"]
    end = time.monotonic() + ARRIVES_WITHIN
    while time.monotonic() < end:
        with app.app_context(), db.read() as session:
            if visibility.find(session, None, typed=reference) is not None:
                return
        time.sleep(0.1)
    raise TimeoutError(f"{reference} did not become a case")
