"""What operators decide about mail: suppression, trial mode, stopping, resending, retention."""

import json
import uuid
from datetime import timedelta

import pytest
from flask import Flask

from services.notify import retention
from services.notify.models import Mail, Suppression
from shared import db
from shared.mails.kinds import KINDS
from shared.settings.checks import BadSettings
from shared.tables import OutboxRow, now
from tests.factories import rows, send_proposal
from tests.fakes import FakeBroker, relay
from tests.notify.mailing import (
    announced,
    arrives,
    mail_of,
    requested,
    sender,
    states,
    until,
    wait_for_state,
)
from tests.notify.sample_variables import VARIABLES, variables
from tests.smtp_sink import sink

SECRET = "Zx8-aB3kQ9_tLm5RvW2yHc7NdPfGj4Su"
LINK = f"http://127.0.0.1:8000/go/{SECRET}"


def run(app: Flask, *words: str):
    return app.test_cli_runner().invoke(args=["mail", *words])


def test_a_mailbox_that_does_not_exist_gets_nothing_more_until_it_is_released(make):
    with sink([("rcpt", b"550 5.1.1 No such user\r\n")]) as server:
        app = make(server)
        with sender(app):
            first = requested(app, to_address="Gone@hospital.example")
            wait_for_state(app, first, "failed")
            second = requested(app, to_address="gone@HOSPITAL.example")
            assert states(app, second) == ["failed"]
            assert "5.1.1 No such user" in announced(app)[-1]["reason"]
            (line,) = run(app, "suppressed").output.splitlines()
            assert json.loads(line)["address"] == "gone@hospital.example"
            assert run(app, "suppressed", "--release", "gone@hospital.example").exit_code == 0
            assert run(app, "suppressed", "--release", "gone@hospital.example").exit_code == 1
            third = requested(app, to_address="gone@hospital.example")
            wait_for_state(app, third, "sent")
        assert len(server.accepted) == 1


def test_a_server_that_refuses_us_suppresses_no_mailbox(make):
    with sink([("rcpt", b"554 5.7.1 We do not like you\r\n")]) as server:
        app = make(server)
        with sender(app):
            wait_for_state(app, requested(app), "failed")
            wait_for_state(app, requested(app), "sent")
    assert rows(app, Suppression) == []


def test_in_trial_mode_mail_goes_to_the_given_domains_only(make):
    with sink() as server:
        app = make(server, MAIL_ONLY_TO="lakeside.example, hospital.example")
        with sender(app):
            wait_for_state(app, requested(app, to_address="Dolores@Hospital.Example"), "sent")
            other = requested(app, to_address="dolores@elsewhere.example")
        assert states(app, other) == ["failed"]
        assert announced(app)[-1]["reason"] == (
            "Trial mode: mail goes only to hospital.example, lakeside.example."
        )
        assert len(server.accepted) == 1


def test_stopped_mail_waits_is_announced_and_is_sent_afterwards(make):
    with sink() as server:
        stopped = make(server, MAIL_STOPPED="yes")
        mail_id = requested(stopped)
        with sender(stopped):
            until(lambda: states(stopped, mail_id, waited=True) == ["queued"])
        assert mail_of(stopped, mail_id).attempts == 0
        assert server.accepted == []
        with sender(make(server)):
            wait_for_state(stopped, mail_id, "sent")
    assert states(stopped, mail_id, waited=True) == ["queued", "sent"]


def test_a_mail_that_was_only_requested_is_not_announced(make):
    with sink() as server:
        app = make(server)
        mail_id = requested(app)
    assert (mail_of(app, mail_id).state, mail_of(app, mail_id).version) == ("queued", 0)
    assert states(app, mail_id, waited=True) == []


def test_an_answer_settles_only_the_doubt_that_its_author_saw(make):
    with sink([("dot", "drop"), ("dot", "drop")]) as server:
        app = make(server)
        mail_id = requested(app, on_doubt="ask")
        with sender(app):
            wait_for_state(app, mail_id, "in_doubt")
            version = mail_of(app, mail_id).version
            answer = {"mail_id": mail_id, "proposal_id": uuid.uuid4(), "reason": "She called.",
                      "settled_at": now()}  # fmt: skip
            arrives(app, "mail.settled.v1", answer | {"version": version, "answer": "again"})
            until(lambda: mail_of(app, mail_id).version > version + 1)
            wait_for_state(app, mail_id, "in_doubt")
            arrives(app, "mail.settled.v1", answer | {"version": version, "answer": "arrived"})
            assert mail_of(app, mail_id).state == "in_doubt"
            last = mail_of(app, mail_id).version
            arrives(app, "mail.settled.v1", answer | {"version": last, "answer": "arrived"})
    assert states(app, mail_id) == ["in_doubt", "queued", "in_doubt", "settled"]
    assert announced(app)[-1]["reason"] == "She called."


def test_a_mail_is_resent_as_a_new_one_that_is_linked_to_the_old(make):
    with sink() as server:
        app = make(server)
        letter = {**VARIABLES, "letter": "Dear Dolores", "signed_by": "Lena Ortiz"}
        for name in ("first_reply_by", "meeting_by", "decision_by"):
            del letter[name]
        with sender(app):
            old = requested(app, kind="decision", variables=letter)
            wait_for_state(app, old, "sent")
            new = uuid.UUID(run(app, "resend", str(old)).output.strip())
            wait_for_state(app, new, "sent")
        assert mail_of(app, new).again_of == old
        first, second = (mail.body.replace(b"\r\n", b"\n") for mail in server.accepted)
        assert first != second and f"<{new}.1@".encode() in second
        assert first.replace(str(old).encode(), b"") == second.replace(str(new).encode(), b"")
    assert run(app, "resend", str(uuid.uuid4())).exit_code == 1


def test_the_link_in_a_mail_is_masked_once_it_is_sent_and_its_text_deleted_after_thirty_days(make):
    with sink() as server:
        app = make(server)
        with sender(app):
            mail_id = requested(app, variables={**VARIABLES, "status_url": LINK})
            waiting = requested(app, variables={**VARIABLES, "status_url": LINK},
                                expires_at=now() + timedelta(days=3))  # fmt: skip
            wait_for_state(app, mail_id, "sent")
            wait_for_state(app, waiting, "sent")
        assert all(SECRET in _text(mail.body) for mail in server.accepted)
    with app.app_context(), db.begin() as session:
        assert retention.mask(session) == 2
    mail_row = mail_of(app, mail_id)
    text = _text(mail_row.rendered)
    assert SECRET not in text and "We received your idea" in text
    assert run(app, "resend", str(mail_id)).exit_code == 1
    with app.app_context(), db.begin() as session:
        session.get_one(Mail, mail_id).changed_at = now() - timedelta(days=31)
    with app.app_context(), db.begin() as session:
        assert (retention.mask(session), retention.drop_bodies(session)) == (0, 1)
    assert (mail_of(app, mail_id).rendered, mail_of(app, mail_id).state) == (b"", "sent")
    assert mail_of(app, waiting).rendered != b""


@pytest.mark.parametrize("kind", [kind for kind, one in KINDS.items() if one.secrets])
def test_every_secret_is_masked_in_a_mail_of_any_kind(make, kind):
    values = variables(kind)
    links = [name for name in KINDS[kind].secrets if name.endswith("_url")]
    values |= {name: f"http://127.0.0.1:8001/a/page/{SECRET}" for name in links}
    code = values.get("code", SECRET)
    with sink() as server:
        app = make(server)
    mail_id = requested(app, kind=kind, variables=values)
    with app.app_context(), db.begin() as session:
        session.get_one(Mail, mail_id).state = "sent"
    text = _text(mail_of(app, mail_id).rendered)
    assert SECRET in text and code in text
    with app.app_context(), db.begin() as session:
        assert retention.mask(session) == 1
    text = _text(mail_of(app, mail_id).rendered)
    assert SECRET not in text and code not in text


def test_a_mail_without_secrets_is_kept_as_it_was(make):
    with sink() as server:
        app, address = make(server), f"https://documents.example/d/{SECRET}"
    values = {**variables("staff_alert"), "summary": address}
    mail_id = requested(app, kind="staff_alert", variables=values)
    with app.app_context(), db.begin() as session:
        session.get_one(Mail, mail_id).state = "sent"
    with app.app_context(), db.begin() as session:
        assert retention.mask(session) == 1
    assert address in _text(mail_of(app, mail_id).rendered)


def _text(mail: bytes) -> str:
    from email import message_from_bytes, policy

    message = message_from_bytes(mail, policy=policy.default)
    parts = [part.get_content() for part in message.walk() if part.get_content_type()[:4] == "text"]
    return str(message["Subject"]) + "".join(parts)


def test_a_letter_in_doubt_goes_out_again_where_the_server_knows_its_key(make):
    with sink([("dot", "keep, then drop")]) as server:
        app = make(server, MAIL_KEY_HEADER="Resend-Idempotency-Key")
        mail_id = requested(app, on_doubt="verify")
        with sender(app):
            wait_for_state(app, mail_id, "sent")
        bodies = [mail.body for mail in server.accepted]
        keys = [body.partition(b"Resend-Idempotency-Key: ")[2][:36] for body in bodies]
    assert keys == [str(mail_id).encode()] * 2
    assert states(app, mail_id) == ["in_doubt", "queued", "sent"]


def test_a_letter_in_doubt_waits_where_the_server_knows_no_key(make):
    with sink([("dot", "keep, then drop")]) as server:
        app = make(server)
        mail_id = requested(app, on_doubt="verify")
        with sender(app):
            wait_for_state(app, mail_id, "in_doubt")
            wait_for_state(app, requested(app), "sent")
    assert states(app, mail_id) == ["in_doubt"]


def test_a_key_header_that_would_spoil_another_is_refused(make):
    with sink() as server:
        for name in ("Subject", "To", "X: y", "A\r\nBcc"):
            with pytest.raises(BadSettings, match="OVERTURE_MAIL_KEY_HEADER"):
                make(server, MAIL_KEY_HEADER=name)
        assert mail_of(make(server, MAIL_KEY_HEADER=""), requested(make(server))).state == "queued"


def test_the_queue_is_counted_by_state(make):
    with sink() as server:
        app = make(server)
        requested(app)
        (line,) = run(app, "queue").output.splitlines()
    assert (json.loads(line)["state"], json.loads(line)["count"]) == ("queued", 1)


def test_a_request_for_a_mail_is_blanked_in_the_outbox_once_the_broker_has_it(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    send_proposal(intake)
    broker = FakeBroker()
    relay(intake, broker)
    stored = {row.event_type: row.envelope for row in rows(intake, OutboxRow)}
    remains = json.loads(stored["mail.requested.v1"])["data"]
    assert set(remains) == {"mail_id", "kind", "proposal_id", "person_id"}
    assert stored["proposal.changed.v1"] != b""
