"""Letters in doubt are searched in the archive, a real mailbox over IMAP."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask

from services.notify import timers
from services.notify.inbound import archive
from services.notify.models import Mail
from shared import db
from shared.tables import now
from shared.worker.loops import Heartbeat, SignOfLife
from tests.notify.mailing import (
    announced,
    mail_of,
    requested,
    sender,
    states,
    until,
    wait_for_state,
)
from tests.notify.sample_variables import VARIABLES
from tests.servers import dovecot
from tests.servers.dovecot import Dovecot
from tests.smtp_sink import Server, sink

ARCHIVE = "archive@lakeside.example"
PATIENCE = timedelta(minutes=30)
PLAIN = {name: value for name, value in VARIABLES.items() if not name.endswith("_by")}
LETTER = {**PLAIN, "letter": "Dear Dolores", "signed_by": "Lena Ortiz"}


def a_letter(app: Flask) -> uuid.UUID:
    return requested(app, kind="decision", variables=LETTER, on_doubt="verify")


def copies(app: Flask, server: Server, mail_id: uuid.UUID) -> int:
    return server.count(mail_of(app, mail_id).message_id.strip("<>"))


def delivered(server: Server, mailbox: Dovecot) -> None:
    """Move the copies that the mail server accepted into the archive."""
    for _, to, body in server.copies:
        assert to == ARCHIVE
        mailbox.deliver(body)
    server.copies.clear()


def check(app: Flask, mailbox: Dovecot, *, patience: timedelta = PATIENCE) -> int:
    with app.app_context():
        return archive.check_archive(mailbox.url, patience=patience)


def is_old(app: Flask, mail_id: uuid.UUID) -> None:
    """The doubt is an hour old."""
    with app.app_context(), db.begin() as session:
        session.get_one(Mail, mail_id).dot_at = now() - timedelta(hours=1)


@pytest.mark.servers
def test_a_letter_in_doubt_whose_copy_is_in_the_archive_has_arrived(make):
    with dovecot() as mailbox, sink([("dot", "keep, then drop")]) as server:
        app = make(server, ARCHIVE_TO=ARCHIVE)
        with sender(app):
            letter = a_letter(app)
            wait_for_state(app, letter, "in_doubt")
        assert check(app, mailbox) == 0, "it may still come"
        delivered(server, mailbox)
        assert check(app, mailbox) == 1
        assert copies(app, server, letter) == 1
    assert states(app, letter) == ["in_doubt", "settled"]
    assert announced(app)[-1]["reason"] == archive.FOUND


@pytest.mark.servers
def test_a_letter_whose_copy_never_came_is_sent_again_once_a_later_one_has_come(make):
    with dovecot() as mailbox, sink([("dot", "drop")]) as server:
        app = make(server, ARCHIVE_TO=ARCHIVE)
        with sender(app):
            letter = a_letter(app)
            wait_for_state(app, letter, "in_doubt")
            is_old(app, letter)
            assert check(app, mailbox) == 0, "no sign that the archive works"
            later = a_letter(app)
            wait_for_state(app, later, "sent")
            assert check(app, mailbox) == 0, "its copy is not there either"
            delivered(server, mailbox)
            assert check(app, mailbox) == 1
            wait_for_state(app, letter, "sent")
        assert copies(app, server, letter) == 1
    assert states(app, letter) == ["in_doubt", "queued", "sent"]


@pytest.mark.servers
def test_a_recent_doubt_gets_time_even_if_the_archive_works(make):
    with dovecot() as mailbox, sink([("dot", "drop")]) as server:
        app = make(server, ARCHIVE_TO=ARCHIVE)
        with sender(app):
            letter = a_letter(app)
            wait_for_state(app, letter, "in_doubt")
            wait_for_state(app, a_letter(app), "sent")
        delivered(server, mailbox)
        assert check(app, mailbox) == 0
    assert states(app, letter) == ["in_doubt"]


@pytest.mark.parametrize("reply", [b"550 5.1.1 no such archive\r\n", b"450 4.2.2 full\r\n"])
def test_an_archive_that_is_refused_costs_no_letter(make, reply):
    with sink([("rcpt", b"250 2.1.5 fine\r\n"), ("rcpt", reply)]) as server:
        app = make(server, ARCHIVE_TO=ARCHIVE)
        letter = a_letter(app)
        with sender(app):
            wait_for_state(app, letter, "sent")
    assert states(app, letter) == ["sent"]
    assert server.copies == [] and not mail_of(app, letter).archived
    assert mail_of(app, letter).attempts == 1


def test_only_letters_go_to_the_archive_and_readers_do_not_see_it(make):
    with sink() as server:
        app = make(server, ARCHIVE_TO=ARCHIVE)
        with sender(app):
            letter, receipt = a_letter(app), requested(app)
            wait_for_state(app, letter, "sent")
            wait_for_state(app, receipt, "sent")
        ((name, to, body),) = server.copies
    assert (f"<{name}>", to) == (mail_of(app, letter).message_id, ARCHIVE)
    assert ARCHIVE.encode() not in body
    assert mail_of(app, letter).archived and not mail_of(app, receipt).archived


@pytest.mark.servers
def test_a_letter_that_left_without_a_copy_waits_for_a_person(make):
    with dovecot() as mailbox:
        with sink([("dot", "keep, then drop")]) as server:
            app = make(server)
            with sender(app):
                letter = a_letter(app)
                wait_for_state(app, letter, "in_doubt")
        is_old(app, letter)
        assert check(app, mailbox) == 0
    assert states(app, letter) == ["in_doubt"]


@contextmanager
def watching(app: Flask) -> Iterator[dict[str, SignOfLife]]:
    """Run the loop for the length of the block; its signs of life."""
    stop, signs = threading.Event(), dict[str, SignOfLife]()

    def run() -> None:
        with app.app_context():
            timers.check_archive(stop, Heartbeat(signs, "archive"))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield signs
    finally:
        stop.set()
        thread.join(timeout=20)


@pytest.mark.servers
def test_the_loop_settles_a_doubt_by_itself(make):
    with dovecot() as mailbox, sink([("dot", "keep, then drop")]) as server:
        app = make(server, ARCHIVE_TO=ARCHIVE, ARCHIVE_IMAP_URL=mailbox.url)
        with sender(app):
            letter = a_letter(app)
            wait_for_state(app, letter, "in_doubt")
        delivered(server, mailbox)
        with watching(app):
            wait_for_state(app, letter, "settled")


def test_an_archive_that_is_away_is_reported_and_settles_nothing(make):
    with sink([("dot", "drop")]) as server:
        app = make(server, ARCHIVE_TO=ARCHIVE, ARCHIVE_IMAP_URL="imap://a:b@127.0.0.1:9/INBOX")
        with sender(app):
            letter = a_letter(app)
            wait_for_state(app, letter, "in_doubt")
        is_old(app, letter)
        with watching(app) as signs:
            until(lambda: signs["archive"].trouble)
    assert "The archive cannot be read" in str(signs["archive"].trouble)
    assert states(app, letter) == ["in_doubt"]
