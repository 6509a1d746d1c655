"""A mail from its request to its end, with a mail server that fails in every possible way."""

import threading
import time
import uuid
from datetime import timedelta
from email import message_from_bytes

import pytest
from flask import Flask
from sqlalchemy import select

from services.notify.models import Mail
from shared import db, strict_json
from shared.tables import OutboxRow, now
from tests.factories import rows
from tests.notify.mailing import (
    TRACE,
    announced,
    arrives,
    is_in,
    mail_of,
    requested,
    sender,
    states,
    until,
    wait_for_state,
)
from tests.smtp_sink import Act, Server, sink
from tests.smtp_sink.server import serving


def sent_once(app: Flask, server: Server, mail_id: uuid.UUID) -> None:
    """Sent, accepted once, and the bytes on the wire are those of the row."""
    mail = mail_of(app, mail_id)
    name = mail.message_id.strip("<>")
    assert mail.state == "sent"
    assert server.count(name) == 1
    assert [kept.body for kept in server.accepted if kept.message_id == name] == [mail.rendered]


def goes_out_once(app: Flask, server: Server) -> uuid.UUID:
    """A mail is requested and, whatever it meets on its way, sent once."""
    mail_id = requested(app)
    with sender(app):
        wait_for_state(app, mail_id, "sent")
    sent_once(app, server, mail_id)
    return mail_id


def test_a_requested_mail_is_sent_once_and_its_outcome_is_announced(make):
    with sink() as server:
        app = make(server)
        with sender(app):
            mail_id = requested(app)
            wait_for_state(app, mail_id, "sent")
        sent_once(app, server, mail_id)
    assert states(app, mail_id) == ["sent"]
    (mail,) = server.accepted
    assert (mail.sender, mail.recipient) == (
        "ideas@lakeside.example",
        "dolores@hospital.example",
    )
    assert message_from_bytes(mail.body)["Subject"] == "We received your idea: HK4T-W7RB"


@pytest.mark.parametrize("most", [1, 4])
def test_many_mails_leave_over_few_connections(make, most):
    with sink() as server:
        app = make(server, MAIL_CONNECTIONS=str(most))
        mails = [requested(app) for _ in range(20)]
        with sender(app):
            until(lambda: all(is_in(app, mail_id, "sent") for mail_id in mails))
        for mail_id in mails:
            sent_once(app, server, mail_id)
    assert 1 <= server.connections <= most


STAGES = ["connect", "ehlo", "mail", "rcpt", "data", "dot"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_4xx_at_any_stage_defers_the_mail_which_is_sent_once_later(make, stage):
    with sink([(stage, b"450 4.2.1 later\r\n")]) as server:
        app = make(server)
        mail_id = goes_out_once(app, server)
    assert states(app, mail_id) == ["deferred", "sent"]
    deferred = [data for data in announced(app) if data["state"] == "deferred"]
    assert [data["reason"] for data in deferred] == ["4.2.1 later"]


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "body", "dot"])
def test_a_421_between_or_within_mails_loses_and_doubles_none(make, stage):
    with sink([(stage, b"421 4.3.2 busy\r\n")]) as server:
        app = make(server)
        mails = [requested(app) for _ in range(3)]
        with sender(app):
            until(lambda: all(is_in(app, mail_id, "sent") for mail_id in mails))
        assert len(server.accepted) == 3
        for mail_id in mails:
            sent_once(app, server, mail_id)


def test_a_mail_whose_server_quits_before_the_dot_is_deferred_not_in_doubt(make):
    """Its mark cannot be written until the server has gone."""
    acts = iter(["leave late"])

    def hold() -> None:
        with app.app_context(), db.begin() as session:
            session.scalars(select(Mail).with_for_update()).one()
            held.set()
            time.sleep(0.5)

    def choose(stage: str) -> Act | None:
        if stage == "data" and not held.is_set():
            threading.Thread(target=hold).start()
            held.wait(5.0)
        return next(acts, None) if stage == "body" else None

    held, server = threading.Event(), Server(choose, keep=lambda mail: None)
    with serving(server):
        app = make(server)
        mail_id = goes_out_once(app, server)
    assert states(app, mail_id) == ["deferred", "sent"]


@pytest.mark.parametrize("stage", ["connect", "ehlo", "mail"])
def test_a_5xx_before_any_recipient_is_our_fault_and_the_mail_stays_queued(make, stage):
    with sink([(stage, b"550 5.7.1 go away\r\n")] * 2) as server:
        app = make(server)
        mail_id = goes_out_once(app, server)
    assert states(app, mail_id) == ["queued", "queued", "sent"]


@pytest.mark.parametrize("stage", ["rcpt", "data", "dot"])
def test_a_5xx_about_the_mail_is_final_and_the_next_mail_goes_on(make, stage):
    with sink([(stage, b"550 5.1.1 nobody here\r\n")]) as server:
        app = make(server)
        refused = requested(app)
        with sender(app):
            wait_for_state(app, refused, "failed")
            other = requested(app, to_address="somebody.else@hospital.example")
            wait_for_state(app, other, "sent")
        assert len(server.accepted) == 1
        sent_once(app, server, other)
    assert states(app, refused) == ["failed"]
    failed = [data for data in announced(app) if data["state"] == "failed"]
    assert [data["reason"] for data in failed] == ["5.1.1 nobody here"]


@pytest.mark.parametrize("act", ["drop", "hang"])
@pytest.mark.parametrize("stage", ["connect", "ehlo", "mail", "rcpt", "data"])
def test_a_line_that_breaks_before_the_dot_costs_time_only(make, stage, act):
    with sink([(stage, act)]) as server:
        app = make(server)
        mail_id = goes_out_once(app, server)
    assert states(app, mail_id) == ["deferred", "sent"]


def test_an_unreachable_mail_server_counts_no_attempt_for_a_mail(make):
    with sink() as gone:
        url = gone.url
    with sink() as server:
        app = make(server)
        app.config["SMTP_URL"] = url
        mail_id = requested(app)
        with sender(app):
            wait_for_state(app, mail_id, "deferred")
        app.config["SMTP_URL"] = server.url
        with sender(app):
            wait_for_state(app, mail_id, "sent")
        sent_once(app, server, mail_id)


def test_a_slow_drip_of_an_answer_holds_the_sender_no_longer_than_its_patience(make):
    with sink([("rcpt", "drip")]) as server:
        app = make(server)
        mail_id = goes_out_once(app, server)
    assert "deferred" in states(app, mail_id)


def test_a_late_request_is_answered_with_expired_and_never_sent(make):
    with sink() as server:
        app = make(server)
        late = requested(app, expires_at=now() - timedelta(seconds=1))
        with sender(app):
            other = requested(app)
            wait_for_state(app, other, "sent")
        assert len(server.accepted) == 1
    assert states(app, late) == ["expired"]


def test_a_mail_that_waits_too_long_expires(make):
    with sink([("rcpt", b"450 later\r\n")] * 1000) as server:
        app = make(server)
        mail_id = requested(app, expires_at=now() + timedelta(seconds=1))
        with sender(app):
            wait_for_state(app, mail_id, "expired")
        assert server.accepted == []
    assert states(app, mail_id)[-1] == "expired"


def test_a_person_erased_before_the_dot_gets_no_mail(make):
    """The data reply drips, so that the erasure falls between claim and dot."""
    with sink([("data", "drip")]) as server:
        app = make(server, SMTP_TIMEOUT="20")
        mail_id = requested(app)
        mail = mail_of(app, mail_id)
        with sender(app):
            until(lambda: "DATA" in server.commands)
            erased = {"person_id": mail.person_id, "proposal_ids": [mail.proposal_id]}
            arrives(app, "person.erased.v1", {**erased, "version": 1, "erased_at": now()})
            other = requested(app)
            wait_for_state(app, other, "sent")
        assert [kept.message_id for kept in server.accepted] == [
            mail_of(app, other).message_id.strip("<>")
        ]


def test_one_trace_goes_from_the_request_to_the_final_state(make):
    with sink() as server:
        app = make(server)
        with sender(app):
            mail_id = requested(app)
            wait_for_state(app, mail_id, "sent")
    parents = [strict_json.loads(row.envelope)["traceparent"] for row in rows(app, OutboxRow)]
    assert {parent.split("-")[1] for parent in parents} == {TRACE}
