"""What an operator sees of mail that was refused, and of mail that was sent."""

import json
import uuid
from typing import Any

import pytest
from flask import Flask

from services.notify import delivery_status
from services.notify.models import Mail
from shared import db
from tests.notify.mailing import mail_of, requested, sender, wait_for_state
from tests.smtp_sink import sink

POLICY = "5.7.1 blocked by policy"


def run(app: Flask, *words: str) -> list[str]:
    ran = app.test_cli_runner().invoke(args=["mail", *words])
    assert ran.exit_code == 0, ran.output
    return ran.stdout.splitlines()


def lines(capsys: pytest.CaptureFixture[str], event: str) -> list[dict[str, Any]]:
    read = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return [line for line in read if line["event"] == event]


def test_a_refused_mail_is_listed_with_what_resends_it(make):
    with sink([("rcpt", f"550 {POLICY}\r\n".encode())]) as server:
        app = make(server)
        assert run(app, "failed") == []
        with sender(app):
            mail_id = requested(app)
            wait_for_state(app, mail_id, "failed")
        (listed,) = map(json.loads, run(app, "failed"))
        assert listed == {
            "mail_id": str(mail_id),
            "kind": "receipt",
            "reference": "HK4T-W7RB",
            "recipient": "dolores@hospital.example",
            "state": "failed",
            "reason": POLICY,
            "at": mail_of(app, mail_id).changed_at.isoformat(),
        }
        (new_id,) = run(app, "resend", listed["mail_id"])
        with sender(app):
            wait_for_state(app, uuid.UUID(new_id), "sent")


def test_the_line_of_a_sent_mail_has_the_answer_of_the_server(
    make, capsys: pytest.CaptureFixture[str]
):
    with sink([("dot", b"250 2.0.0 Ok: queued as 4F2A1\r\n")]) as server:
        app = make(server, LOG_LEVEL="INFO")
        with sender(app):
            wait_for_state(app, requested(app), "sent")
    (sent,) = [line for line in lines(capsys, "mail changed") if line["state"] == "sent"]
    assert "queued as 4F2A1" in sent["reason"]
    assert sent["service"] == "notify" and sent["trace"]


def change(app: Flask, mail_id: uuid.UUID, *, fails: bool) -> None:
    """Announce the state of a mail again, in a transaction that is stored or not."""
    with app.app_context(), db.begin() as session:
        delivery_status.change_state(session, session.get_one(Mail, mail_id), state="queued")
        if fails:
            raise OSError("the disk is full")


def test_a_change_that_was_not_stored_is_not_in_the_log(make, capsys: pytest.CaptureFixture[str]):
    with sink() as server:
        app = make(server, LOG_LEVEL="INFO")
        mail_id = requested(app)
        capsys.readouterr()
        with pytest.raises(OSError, match="full"):
            change(app, mail_id, fails=True)
        said = capsys.readouterr().err
        assert "mail changed" not in said and "event added" not in said
        change(app, mail_id, fails=False)
        assert len(lines(capsys, "mail changed")) == 1
