"""Delivery reports, from a real mailbox over IMAP or through a pipe."""

import uuid

import pytest

from services.notify.composing.addresses import mail_id_in
from services.notify.inbound import bounce_mailbox, imap
from services.notify.models import Mail, Suppression
from shared import db
from tests.factories import count, rows
from tests.notify.inbound.reports import BOUNCES, pipe, report, sent_mail
from tests.notify.mailing import announced, mail_of, requested, sender, states, wait_for_state
from tests.servers import dovecot
from tests.smtp_sink import sink


def test_every_mail_has_an_envelope_sender_of_its_own_that_cannot_be_guessed(make):
    with sink() as server:
        app = make(server, BOUNCE_TO=BOUNCES)
        first, second = sent_mail(app, server), sent_mail(app, server)
    one, other = (mail_of(app, mail_id).envelope_from for mail_id in (first, second))
    assert one != other
    assert one.startswith("bounces+") and one.endswith("@lakeside.example")
    assert [mail_id_in(tag.partition("+")[2]) for tag in (one, other)] == [first, second]
    assert len(one.partition("@")[0]) <= 64


def test_a_report_about_a_mail_of_an_older_release_is_still_understood(make):
    with sink() as server:
        app = make(server, BOUNCE_TO=BOUNCES)
        mail_id = sent_mail(app, server)
        older = f"bounces+{mail_id.hex}-0123456789ab@lakeside.example"
        with app.app_context(), db.begin() as session:
            session.get_one(Mail, mail_id).envelope_from = older
        assert pipe(app, report(older.upper())) == "bounced"


def test_a_hard_bounce_is_announced_and_suppresses_the_mailbox(make):
    with sink() as server:
        app = make(server, BOUNCE_TO=BOUNCES)
        mail_id = sent_mail(app, server)
        back = report(mail_of(app, mail_id).envelope_from)
        assert pipe(app, back) == "bounced"
        assert pipe(app, back) == "ignored: the mail is bounced"
        assert states(app, mail_id) == ["sent", "bounced"]
        assert announced(app)[-1]["reason"] == "550 5.1.1 no such user"
        (row,) = rows(app, Suppression)
        assert row.address == "dolores@hospital.example"
        assert states(app, requested(app)) == ["failed"]
        assert len(server.accepted) == 1  # nothing ever answers a report


@pytest.mark.parametrize(
    "said, outcome",
    [
        ({"action": "delayed", "status": "4.4.1"}, "noted: delayed"),
        ({"action": "failed", "status": "4.2.2"}, "noted: failed"),
        ({"action": "delivered", "status": "2.0.0"}, "noted: delivered"),
    ],
)
def test_a_report_of_something_else_changes_nothing(make, said, outcome):
    with sink() as server:
        app = make(server, BOUNCE_TO=BOUNCES)
        mail_id = sent_mail(app, server)
        assert pipe(app, report(mail_of(app, mail_id).envelope_from, **said)) == outcome
    assert states(app, mail_id) == ["sent"]
    assert count(app, Suppression) == 0


def test_a_bounce_for_another_reason_costs_no_mailbox(make):
    with sink() as server:
        app = make(server, BOUNCE_TO=BOUNCES)
        mail_id = sent_mail(app, server)
        back = report(mail_of(app, mail_id).envelope_from, status="5.7.1", said="554 5.7.1 spam?")
        assert pipe(app, back) == "bounced"
    assert count(app, Suppression) == 0


def test_a_report_settles_a_doubt(make):
    with sink([("dot", "keep, then drop")]) as server:
        app = make(server, BOUNCE_TO=BOUNCES)
        mail_id = requested(app, on_doubt="ask")
        with sender(app):
            wait_for_state(app, mail_id, "in_doubt")
        arrived = {"action": "delivered", "status": "2.0.0"}
        assert pipe(app, report(mail_of(app, mail_id).envelope_from, **arrived)) == "settled"
    assert states(app, mail_id) == ["in_doubt", "settled"]


def test_forged_and_foreign_reports_are_ignored_and_never_answered(make):
    with sink() as server:
        app = make(server, BOUNCE_TO=BOUNCES)
        mail_id = sent_mail(app, server)
        right = mail_of(app, mail_id).envelope_from
        tag = right.partition("+")[2].partition("@")[0]
        forged = f"bounces+{tag[:26]}{'a' * 8}@lakeside.example"
        nobody = f"bounces+{uuid.uuid4().hex}-{'0' * 12}@lakeside.example"
        foreign = "ignored: not about a mail of ours"
        for to in (forged, nobody, "bounces@lakeside.example", f"x{right[8:]}", "", "+-@"):
            assert pipe(app, report(to)) == foreign, to
        plain = f"To: {right}\r\nSubject: Out of office\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        assert pipe(app, plain.encode()) == "ignored: not a delivery report"
        receipt = report(right).replace(b"message/delivery-status", b"message/disposition-n")
        assert pipe(app, receipt) == "ignored: not a delivery report"
        assert pipe(app, b"\xff\x00 no mail") == "ignored: not a delivery report"
        huge = report(right, more="x" * 2_000_000)
        assert pipe(app, huge) == "ignored: too large"
        assert pipe(app, report("lists@elsewhere.example"), "--to", right) == "bounced"
        assert len(server.accepted) == 1
    assert states(app, mail_id) == ["sent", "bounced"]


@pytest.mark.servers
def test_reports_are_read_from_a_mailbox_over_imap_each_once(make):
    with dovecot() as imap, sink() as server:
        app = make(server, BOUNCE_TO=BOUNCES, IMAP_URL=imap.url)
        mail_id = sent_mail(app, server)
        imap.deliver(b"To: somebody\r\nSubject: Hello\r\n\r\nNo report.\r\n")
        imap.deliver(report(mail_of(app, mail_id).envelope_from))
        imap.deliver(report(mail_of(app, mail_id).envelope_from, more="x" * 1_500_000))
        assert imap.unread() == 3
        with app.app_context():
            assert (
                bounce_mailbox.read_reports(imap.url),
                bounce_mailbox.read_reports(imap.url),
            ) == (3, 0)
        assert imap.unread() == 0
    assert states(app, mail_id) == ["sent", "bounced"]


@pytest.mark.servers
def test_a_mailbox_that_cannot_be_read_raises_an_error_that_the_loop_survives(make):
    with sink() as server:
        app = make(server)
        for url in ("imap://u:p@127.0.0.1:1/INBOX", "imap://u:p@mail.example.edu/INBOX"):
            with app.app_context(), pytest.raises(imap.LOST):
                bounce_mailbox.read_reports(url)
