"""Try the mail server by hand: sign in and name our sender, or send one test mail to an address.

Neither touches the queue.
"""

import smtplib
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Any
from uuid import uuid4

from services.notify import mail_requests
from services.notify.composing.addresses import domain
from services.notify.sending.sender_settings import mail_server
from services.notify.smtp import Conversation, NotAccepted
from services.notify.smtp.opening import expect, opened, words_of
from services.notify.smtp.outcomes import about_us
from services.notify.smtp.wire import Unreadable
from shared.tables import now

TEXT = """\
This is a test mail of Overture, sent by hand with `flask mail test`.

If you can read it, the mail server accepts mail from {sender}. Reports about mail that does not
arrive go to {bounces}.
"""


def rehearse(config: Mapping[str, Any]) -> str | None:
    """Connect, encrypt, sign in and name our sender, then leave; return what went wrong."""
    try:
        wire = opened(mail_server(config), beat=lambda: None)
    except NotAccepted as refusal:
        return refusal.reply
    sender = mail_requests.sending_identity(config).back_to(uuid4())
    try:
        expect(250, *wire.docmd("MAIL", f"FROM:<{sender}>"), classify=about_us)
    except NotAccepted as refusal:
        return f"it refuses our sender: {refusal.reply}"
    except (OSError, smtplib.SMTPException, Unreadable) as error:
        return words_of(error)
    finally:
        with suppress(OSError, smtplib.SMTPException, Unreadable):
            wire.docmd("QUIT")
        wire.close()
    return None


def send_test_mail(config: Mapping[str, Any], *, to: str) -> str:
    """Send one mail to this address and return the reply of the mail server.

    Raises NotAccepted, or BadAddress for what is no plain address.
    """
    sender = mail_requests.sending_identity(config).back_to(uuid4())
    message = _message(config["MAIL_FROM"], sender, to=to)
    talk = Conversation(mail_server(config))
    try:
        talk.ready()
        talk.offer(envelope_from=sender, recipient=to, body=message.as_bytes())
        talk.dot()
        return talk.verdict()
    finally:
        talk.leave()


def _message(sender: str, bounces: str, *, to: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=domain(sender))
    message["From"] = sender
    message["To"] = to
    message["Subject"] = "Test mail of Overture"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(TEXT.format(sender=sender, bounces=bounces))
    return message
