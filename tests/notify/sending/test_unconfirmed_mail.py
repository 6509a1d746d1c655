"""Mails in doubt, and senders that are killed."""

import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from services.notify.models import MailAttempt
from tests.apps import on_postgresql
from tests.factories import rows
from tests.notify.mailing import (
    QUICK,
    is_in,
    mail_of,
    requested,
    sender,
    states,
    until,
    wait_for_state,
)
from tests.smtp_sink import Server, sink

ROOT = Path(__file__).parents[3]
NEVER = {"RESEND_AFTER": "3600"}


def copies(app: Flask, server: Server, mail_id: uuid.UUID) -> int:
    """How often the mail was accepted."""
    return server.count(mail_of(app, mail_id).message_id.strip("<>"))


@pytest.mark.parametrize("act, expected", [("keep, then drop", 2), ("drop", 1)])
def test_resend_sends_a_doubtful_mail_again_the_same_bytes_and_says_so(make, act, expected):
    with sink([("dot", act)]) as server:
        app = make(server)
        mail_id = requested(app, on_doubt="resend")
        with sender(app):
            wait_for_state(app, mail_id, "sent")
        assert copies(app, server, mail_id) == expected
        assert len({mail.body for mail in server.accepted}) == 1
    assert states(app, mail_id) == ["in_doubt", "queued", "sent"]


@pytest.mark.parametrize("policy", ["ask", "verify"])
@pytest.mark.parametrize("act, expected", [("keep, then drop", 1), ("drop", 0)])
def test_ask_and_verify_wait_for_a_person_and_double_nothing(make, policy, act, expected):
    with sink([("dot", act)]) as server:
        app = make(server)
        mail_id = requested(app, on_doubt=policy)
        with sender(app):
            wait_for_state(app, mail_id, "in_doubt")
            other = requested(app)  # one that is not held up by it
            wait_for_state(app, other, "sent")
        assert copies(app, server, mail_id) == expected
    assert states(app, mail_id) == ["in_doubt"]


def test_a_person_settles_a_doubt_by_a_command(make):
    with sink([("dot", "keep, then drop"), ("dot", "drop")]) as server:
        app = make(server)
        arrived, lost = (requested(app, on_doubt="ask") for _ in range(2))
        with sender(app):
            until(lambda: is_in(app, arrived, "in_doubt") and is_in(app, lost, "in_doubt"))
        run = app.test_cli_runner().invoke
        listed = run(args=["mail", "doubtful"]).output
        assert str(arrived) in listed and str(lost) in listed
        stored = {mail.message_id for mail in server.accepted}
        arrived, lost = sorted(
            (arrived, lost), key=lambda one: mail_of(app, one).message_id.strip("<>") not in stored
        )
        reason = ["--reason", "She called."]
        assert run(args=["mail", "settle", str(arrived), "arrived", *reason]).exit_code == 0
        assert run(args=["mail", "settle", str(lost), "again", *reason]).exit_code == 0
        assert run(args=["mail", "settle", str(arrived), "again", *reason]).exit_code == 1
        with sender(app):
            wait_for_state(app, lost, "sent")
        assert (copies(app, server, arrived), copies(app, server, lost)) == (1, 1)
    assert states(app, arrived) == ["in_doubt", "settled"]
    assert states(app, lost) == ["in_doubt", "queued", "sent"]


@pytest.mark.parametrize("act", ["hang", "keep, then hang"])
def test_silence_after_the_dot_is_a_doubt_and_the_next_mail_goes_on(make, act):
    with sink([("dot", act)]) as server:
        app = make(server, **NEVER)
        mail_id = requested(app)
        with sender(app):
            wait_for_state(app, mail_id, "in_doubt")
            other = requested(app)
            wait_for_state(app, other, "sent")
    assert states(app, mail_id) == ["in_doubt"]


def test_an_unreadable_reply_after_the_dot_does_not_allow_a_copy(make):
    with sink([("dot", b"999 what\r\n")]) as server:
        app = make(server, **NEVER)
        mail_id = requested(app)
        with sender(app):
            wait_for_state(app, mail_id, "in_doubt")
    (attempt,) = rows(app, MailAttempt)
    assert (attempt.outcome, attempt.reply) == ("in_doubt", "999 what")


def test_a_body_that_breaks_off_is_sent_once_or_listed_as_doubtful(make):
    """A small body and its dot may be in the wire before the break is seen: then it is a doubt."""
    with sink([("body", "drop")]) as server:
        app = make(server)
        mail_id = requested(app)
        with sender(app):
            wait_for_state(app, mail_id, "sent")
        assert copies(app, server, mail_id) == 1
    assert set(states(app, mail_id)) & {"deferred", "in_doubt"}


def killed_at(place: str, app: Flask, url: str, folder: Path) -> None:
    """Run a sender as a process that is killed at this place; wait for its death."""
    for name in ("armed", "fired"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "armed" / place).touch()
    settings = {**QUICK, "SMTP_URL": url, "DATABASE_URL": app.config["DATABASE_URL"]}
    environment = {f"NOTIFY_{name}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.crash_points",
            "sender",
            folder,
            "tests.notify.sending.lone_sender",
        ],
        cwd=ROOT,
        env={**os.environ, **environment, "NOTIFY_LOG_LEVEL": "CRITICAL"},
    )
    try:
        assert process.wait(timeout=60) == -signal.SIGKILL
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize(
    "place", ["sender.after_claim", "sender.after_connect", "sender.before_mark"]
)
def test_a_sender_killed_before_the_mark_has_sent_nothing_and_another_sends_it(
    make, tmp_path, place
):
    with sink() as server:
        app = make(server)
        mail_id = requested(app, on_doubt="ask")
        killed_at(place, app, server.url, tmp_path / "points")
        assert server.accepted == []
        with sender(app):
            wait_for_state(app, mail_id, "sent")
        assert copies(app, server, mail_id) == 1
    assert states(app, mail_id) == ["queued", "sent"]


@pytest.mark.parametrize(
    "place, accepted",
    [
        ("sender.after_mark", 0),
        ("sender.after_dot", 1),
        ("sender.after_reply", 1),
        ("sender.before_record", 1),
    ],
)
@pytest.mark.parametrize("policy", ["ask", "resend"])
def test_a_sender_killed_after_the_mark_leaves_a_doubt_that_its_policy_settles(
    make, tmp_path, place, accepted, policy
):
    with sink() as server:
        app = make(server)
        mail_id = requested(app, on_doubt=policy)
        killed_at(place, app, server.url, tmp_path / "points")
        until(lambda: len(server.accepted) == accepted)
        with sender(app):
            until(lambda: is_in(app, mail_id, "in_doubt" if policy == "ask" else "sent"))
        again = ["queued", "sent"] if policy == "resend" else []
        assert copies(app, server, mail_id) == accepted + bool(again)
    assert states(app, mail_id) == ["in_doubt", *again]


@on_postgresql
def test_many_senders_share_the_work_and_send_each_mail_once(make):
    with sink() as server:
        apps = [make(server) for _ in range(3)]
        mails = [requested(apps[0]) for _ in range(30)]
        with sender(apps[0]), sender(apps[1]), sender(apps[2]):
            until(lambda: all(is_in(apps[0], mail_id, "sent") for mail_id in mails))
        assert [copies(apps[0], server, mail_id) for mail_id in mails] == [1] * 30
    assert server.connections > 1


@on_postgresql
def test_a_sender_that_was_taken_for_dead_settles_the_doubt_with_what_it_learns(make):
    """Its connections are cut while the server thinks about the dot; another sender lists the mail
    as doubtful; then the answer comes."""
    with sink([("dot", "drip")]) as server:
        slow, other = (make(server, DOT_TIMEOUT="30", **NEVER) for _ in range(2))
        mail_id = requested(slow, on_doubt="ask")
        with sender(slow):
            until(lambda: server.accepted)
            cut_off(slow)
            with sender(other):
                wait_for_state(other, mail_id, "in_doubt")
            wait_for_state(other, mail_id, "sent")
        assert copies(other, server, mail_id) == 1
    assert states(other, mail_id) == ["in_doubt", "sent"]


def cut_off(app: Flask) -> None:
    """End every connection to the app's database but our own."""
    url = app.config["DATABASE_URL"].replace("postgresql+psycopg:", "postgresql:")
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@on_postgresql
def test_a_sender_whose_connections_are_cut_goes_on_with_new_ones(make):
    with sink() as server:
        app = make(server)
        with sender(app):
            for _ in range(3):
                wait_for_state(app, requested(app), "sent")
                cut_off(app)
        assert len(server.accepted) == 3
