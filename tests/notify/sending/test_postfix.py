"""Over a real mail server: Postfix takes the mails and passes them on to the recipients' own, which
is the sink.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

import pytest
from flask import Flask

from services.notify.inbound import bounce_mailbox
from services.notify.models import Suppression
from tests.apps import on_sqlite
from tests.factories import rows
from tests.notify.mailing import (
    announced,
    is_in,
    mail_of,
    requested,
    sender,
    states,
    until,
    wait_for_state,
)
from tests.servers import Missing, Postfix, dovecot, postfix
from tests.smtp_sink import Server, sink
from tests.smtp_sink.server import Fault

pytestmark = [pytest.mark.servers, on_sqlite]

BOUNCES = "bounces@lakeside.example"


class Route(NamedTuple):
    """The mail server next door and the one that the recipients have."""

    next_door: Postfix
    theirs: Server


@contextmanager
def route(*faults: Fault, connections: int = 50) -> Iterator[Route]:
    with ExitStack() as stack:
        theirs = stack.enter_context(sink(list(faults)))
        try:
            server = postfix(next_port=theirs.port, connections=connections)
            yield Route(stack.enter_context(server), theirs)
        except Missing as missing:
            pytest.skip(str(missing))


def passed_on(theirs: Server, app: Flask, mail_id) -> list[bytes]:
    name = mail_of(app, mail_id).message_id.strip("<>")
    return [mail.body for mail in theirs.accepted if mail.message_id == name]


def test_what_was_rendered_comes_out_at_the_other_end_byte_for_byte(make):
    with route() as way:
        app = make(way.next_door, BOUNCE_TO=BOUNCES)
        mails = [requested(app, language=language) for language in ("en", "es")]
        with sender(app):
            until(lambda: all(passed_on(way.theirs, app, mail_id) for mail_id in mails))
        for mail_id in mails:
            (body,) = passed_on(way.theirs, app, mail_id)
            assert body.startswith(b"Received: ")
            assert body.endswith(mail_of(app, mail_id).rendered)
            assert states(app, mail_id) == ["sent"]
        assert {mail.sender for mail in way.theirs.accepted} == {
            mail_of(app, mail_id).envelope_from for mail_id in mails
        }


def test_a_mail_server_that_counts_connections_gets_no_more_than_it_takes(make):
    with route(connections=3) as way:
        app = make(way.next_door)
        mails = [requested(app) for _ in range(60)]
        with sender(app):
            until(lambda: all(is_in(app, mail_id, "sent") for mail_id in mails), within=60.0)
        until(lambda: len(way.theirs.accepted) >= 60)
        log = (way.next_door.folder / "log").read_text()
        assert "Connection concurrency limit exceeded: 4 from localhost" in log
        assert {mail_of(app, mail_id).attempts for mail_id in mails} == {1}
        assert [len(passed_on(way.theirs, app, mail_id)) for mail_id in mails] == [1] * 60


def test_its_own_report_that_a_mailbox_does_not_exist_is_understood(make):
    with route(("rcpt", b"550 5.1.1 no such user\r\n")) as way, dovecot() as imap:
        app = make(way.next_door, BOUNCE_TO=BOUNCES, IMAP_URL=imap.url)
        mail_id = requested(app)
        with sender(app):
            wait_for_state(app, mail_id, "sent")
        until(way.next_door.bounces)
        (report,) = way.next_door.bounces()
        imap.deliver(report.replace(b"\n", b"\r\n"))
        with app.app_context():
            assert bounce_mailbox.read_reports(imap.url) == 1
        assert states(app, mail_id) == ["sent", "bounced"]
        assert "no such user" in announced(app)[-1]["reason"]
        (suppressed,) = rows(app, Suppression)
        assert suppressed.address == "dolores@hospital.example"
        assert mail_of(app, requested(app)).state == "failed"
