"""Delivery reports for tests, and the mails that they are about."""

import uuid

from flask import Flask

from tests.notify.mailing import mail_of, requested, sender, wait_for_state

BOUNCES = "bounces@lakeside.example"
REPORT = """From: MAILER-DAEMON@mx.hospital.example
To: {to}
Subject: Undelivered mail
MIME-Version: 1.0
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

Sorry. Final-Recipient: rfc822; somebody.else@hospital.example

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.hospital.example

Final-Recipient: rfc822; dolores@hospital.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--x
Content-Type: text/rfc822-headers

Subject: We have your idea
{more}
--x--
"""


def report(to: str, **said: str) -> bytes:
    fields = {"action": "failed", "status": "5.1.1", "said": "550 5.1.1 no such user", "more": ""}
    return REPORT.format(to=to, **fields | said).replace("\n", "\r\n").encode()


def sent_mail(app: Flask, server) -> uuid.UUID:
    mail_id = requested(app)
    with sender(app):
        wait_for_state(app, mail_id, "sent")
    assert server.accepted[-1].sender == mail_of(app, mail_id).envelope_from
    return mail_id


def pipe(app: Flask, raw: bytes, *words: str) -> str:
    ran = app.test_cli_runner().invoke(args=["mail", "bounce", *words], input=raw)
    assert ran.exit_code == 0, ran.output
    return ran.output.strip()
