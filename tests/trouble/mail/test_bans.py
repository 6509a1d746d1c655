"""Only "this mailbox does not exist" bans a mailbox, and a person can lift the ban."""

import pytest
from flask import Flask

from services.notify.models import Suppression
from tests.apps import on_sqlite
from tests.factories import count, rows
from tests.notify.inbound.reports import BOUNCES, pipe, report, sent_mail
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
from tests.servers import Missing, postfix
from tests.smtp_sink import sink

NO_MAILBOX = [
    "550 5.1.1 no such user",
    "550-5.1.1 The email account that you tried to reach does not exist.\r\n550 5.1.1 Try again",
    "550 5.1.1 <d@h.example>: Recipient address rejected: User unknown in relay recipient table",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient d@h.example not found by SMTP lookup",
    "550 No such user here",
    "551 user unknown",
    "553 mailbox does not exist",
    "550 5.5.0 Requested action not taken: no such mailbox here",
]
OUR_FAULT = [  # every mail would get it: they wait until it is mended
    "553 5.1.8 <ideas@lakeside.example>: Sender address rejected: Domain not found",
    "550 5.1.7 <ideas@lakeside.example>: Sender address rejected: User unknown",
    "554 5.7.1 <d@h.example>: Relay access denied",
    "550 relaying denied",
    "554 5.7.1 Client host rejected: Access denied",
    "550 5.7.1 Unable to relay",
    "530 5.7.0 Authentication required",
]
POLICY = [  # this mail fails, the mailbox is innocent
    "550 5.7.23 SPF validation failed",
    "550 SPF check failed: your server is not permitted",
    "550 5.7.1 Service unavailable; client [192.0.2.1] blocked using zen.spamhaus.org",
    "550 blocked by our reputation list",
    "553 listed in a block list, see https://block.example",
    "550 5.7.26 unauthenticated mail is prohibited by DMARC policy",
    "550 5.1.2 bad destination domain",
    "550 5.1.0 address rejected",
    "550 mailbox unavailable",
    "550 Administrative prohibition",
    "550 5.1.1 Message rejected as spam by content policy",
    "551 not here",
]


def reply(text: str) -> bytes:
    return text.encode() + b"\r\n"


@on_sqlite
@pytest.mark.parametrize("said", NO_MAILBOX)
def test_a_mailbox_that_does_not_exist_is_banned(make, said: str):
    with sink([("rcpt", reply(said))]) as server:
        app = make(server)
        mail_id = requested(app)
        with sender(app):
            wait_for_state(app, mail_id, "failed")
    (row,) = rows(app, Suppression)
    assert row.address == "dolores@hospital.example"
    assert announced(app)[-1]["suppressed"] is True


@on_sqlite
@pytest.mark.parametrize("said", POLICY)
def test_a_refusal_for_policy_fails_this_mail_and_bans_nobody(make, said: str):
    with sink([("rcpt", reply(said))]) as server:
        app = make(server)
        mail_id = requested(app)
        with sender(app):
            wait_for_state(app, mail_id, "failed")
            wait_for_state(app, requested(app), "sent")
    assert count(app, Suppression) == 0
    assert not announced(app)[0].get("suppressed")


@on_sqlite
@pytest.mark.parametrize("said", OUR_FAULT)
def test_a_fault_of_our_own_sender_makes_the_mail_wait_and_bans_nobody(make, said: str):
    with sink([("rcpt", reply(said))]) as server:
        app = make(server)
        mail_id = requested(app)
        with sender(app):
            wait_for_state(app, mail_id, "sent")
    assert states(app, mail_id) == ["deferred", "sent"]
    assert count(app, Suppression) == 0


@on_sqlite
@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("5.7.23", "550 5.7.23 SPF validation failed"),
        ("5.1.8", "553 5.1.8 Sender address rejected"),
        ("5.1.1", "550 5.7.1 blocked using zen.spamhaus.org"),
        ("5.1.2", "host not found"),
        ("5.0.0", "550 relaying denied"),
    ],
)
def test_a_report_for_another_reason_bounces_this_mail_and_bans_nobody(make, status, said):
    with sink() as server:
        app = make(server, BOUNCE_TO=BOUNCES)
        mail_id = sent_mail(app, server)
        back = report(mail_of(app, mail_id).envelope_from, status=status, said=said)
        assert pipe(app, back) == "bounced"
    assert states(app, mail_id) == ["sent", "bounced"]
    assert count(app, Suppression) == 0


@on_sqlite
@pytest.mark.parametrize("status", ["5.1.1", "5.1.6", "5.1.10", "5.0.0"])
def test_a_report_that_a_mailbox_does_not_exist_bans_it(make, status: str):
    with sink() as server:
        app = make(server, BOUNCE_TO=BOUNCES)
        mail_id = sent_mail(app, server)
        said = f"550 {status} no such user"
        back = report(mail_of(app, mail_id).envelope_from, status=status, said=said)
        assert pipe(app, back) == "bounced"
    assert count(app, Suppression) == 1
    assert announced(app)[-1]["suppressed"] is True


@on_sqlite
def test_a_mail_to_a_banned_mailbox_says_that_it_is_banned(make):
    with sink([("rcpt", reply(NO_MAILBOX[0]))]) as server:
        app = make(server)
        with sender(app):
            wait_for_state(app, requested(app), "failed")
        later = requested(app)
    assert mail_of(app, later).state == "failed"
    assert announced(app)[-1]["suppressed"] is True
    assert "no such user" in announced(app)[-1]["reason"]


@on_sqlite
def test_an_operator_who_releases_a_mailbox_lets_the_mail_be_asked_for_again(make):
    with sink([("rcpt", reply(NO_MAILBOX[0]))]) as server:
        app = make(server)
        mail_id = requested(app)
        with sender(app):
            wait_for_state(app, mail_id, "failed")
            words = ["mail", "suppressed", "--release", "Dolores@Hospital.example"]
            ran = app.test_cli_runner().invoke(args=words)
            wait_for_state(app, requested(app), "sent")
    assert ran.exit_code == 0 and "released" in ran.output
    (news,) = [each for each in announced(app) if each.get("released")]
    assert (news["mail_id"], news["state"]) == (str(mail_id), "failed")
    assert news["suppressed"] is False


@pytest.mark.servers
@on_sqlite
def test_a_real_relay_that_does_not_relay_for_us_bans_nobody(make):
    with sink() as theirs:
        try:
            with postfix(next_port=theirs.port, relays=False) as server:
                app: Flask = make(server)
                mail_id = requested(app)
                with sender(app):
                    until(lambda: is_in(app, mail_id, "deferred"))
        except Missing as missing:
            pytest.skip(str(missing))
    assert "denied" in (mail_of(app, mail_id).last_reply or "").casefold()
    assert count(app, Suppression) == 0
