"""The story: one proposal through three services, from the first request to the mail server."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask

from services.notify import timers
from services.notify.models import Mail
from services.review.models import Case
from shared import logs
from shared.tables import DeferredEvent, OutboxRow
from shared.worker.loops import Heartbeat
from tests.apps import TOKEN
from tests.factories import a_proposal, count, rows, send
from tests.fakes import carry
from tests.smtp_sink import sink

WITHIN = 20.0  # seconds until an expected event counts as missing
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_a_proposal_becomes_a_case_and_two_mails_with_announced_outcomes(
    apps: dict[str, Flask],
):
    intake, review, notify = (apps[name].test_client() for name in ("intake", "review", "notify"))

    answer = send(intake, a_proposal(org_name="Okafor Millwork"))
    assert answer.status_code == 201
    reference = answer.json["reference"]
    assert answer.json["status_url"].endswith(f"/status/{reference}")

    carry(apps)
    case = seen_by_review(review, reference)
    assert case["state"] == "triage"
    assert case["organization"] == "Okafor Millwork"
    assert intake.get(f"/status/{reference}").json["receipt"] == "on its way"

    with sink() as server, sender(apps["notify"], server.url):
        until(lambda: count(apps["notify"], Mail, Mail.state == "sent") == 2)
    assert sorted(mail.recipient for mail in server.accepted) == [
        "elearning@lakeside.example",
        "ray@okafor-millwork.example",
    ]
    assert all(reference.encode() in mail.body for mail in server.accepted)

    carry(apps)
    status = intake.get(f"/status/{reference}").json
    assert (status["label"], status["receipt"]) == ("received", "sent")
    assert status["contact"]["email"] == "elearning@lakeside.example"
    seen = seen_by_review(review, reference)["mails"]
    assert {(mail["kind"], mail["state"]) for mail in seen} == {
        ("receipt", "sent"),
        ("staff_alert", "sent"),
    }
    assert notify.get("/healthz").json["status"] == "alive"
    for app in apps.values():
        assert count(app, OutboxRow, OutboxRow.published_at.is_(None)) == 0
        assert count(app, DeferredEvent) == 0


def test_every_message_delivered_three_times_leaves_what_one_leaves(apps: dict[str, Flask]):
    for name in ("first", "second", "third"):
        assert send(apps["intake"].test_client(), a_proposal(working_title=name)).status_code == 201

    carry(apps, times=3)

    assert count(apps["review"], Case) == 3
    assert count(apps["notify"], Mail) == 6
    assert [case.version for case in rows(apps["review"], Case)] == [1, 1, 1]
    with sink() as server, sender(apps["notify"], server.url):
        until(lambda: count(apps["notify"], Mail, Mail.state == "sent") == 6)
    assert len({mail.message_id for mail in server.accepted}) == len(server.accepted) == 6


def test_one_trace_is_in_every_log_line_from_request_to_mail_server_reply(
    apps: dict[str, Flask], capsys: pytest.CaptureFixture[str]
):
    for app in apps.values():
        app.config["LOG_LEVEL"] = "INFO"
        logs.init_app(app)
    capsys.readouterr()

    trace = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    assert send(apps["intake"].test_client(), **trace).headers["X-Request-Id"] == TRACE
    logs.unbind()  # unlike the thread of a server, this one outlives its request
    carry(apps)
    with sink() as server, sender(apps["notify"], server.url):
        until(lambda: count(apps["notify"], Mail, Mail.state == "sent") == 2)
    carry(apps)

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    said = [line["event"] for line in lines]
    assert {"request", "proposal received", "case opened", "mail queued", "mail changed"} <= set(
        said
    )
    states = [line["state"] for line in lines if line["event"] == "mail changed"]
    assert [state for state in states if state != "queued"] == ["sent", "sent"]
    assert {line.get("trace") for line in lines} == {TRACE}


def seen_by_review(client: Any, reference: str) -> Any:
    found = client.get(f"/api/v1/cases/{reference}", headers={"Authorization": f"Bearer {TOKEN}"})
    assert found.status_code == 200
    return found.json


@contextmanager
def sender(app: Flask, url: str) -> Iterator[None]:
    """The running sender of notify, as in its worker, with this mail server."""
    app.config["SMTP_URL"] = url
    stop = threading.Event()

    def work() -> None:
        with app.app_context():
            timers.send_mails(stop, Heartbeat({}, "sender"))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def until(true: Callable[[], bool]) -> None:
    """Wait for the work of another thread."""
    end = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
