"""Loops of the worker: each reads its settings here and hands them to the work."""

import threading
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from services.notify import domains, retention, sending
from services.notify.inbound import archive, bounce_mailbox
from services.notify.inbound.imap import MailboxLoop, run_mailbox_loop
from services.notify.sending.sender_settings import sender_settings
from shared.settings import trial_domains
from shared.worker.loops import Heartbeat, run_every

BOUNCES_EVERY = 60.0  # seconds
ARCHIVE_EVERY = 15.0
RETENTION_EVERY = 60.0


def send_mails(stop: threading.Event, beat: Heartbeat) -> None:
    """Send what is due until stopped. On PostgreSQL any number of senders may run."""
    sending.send(sender_settings(current_app.config), stop=stop, beat=beat)


def read_bounces(stop: threading.Event, beat: Heartbeat) -> None:
    """Read delivery reports from the bounce mailbox every minute."""
    loop = MailboxLoop(
        "The mailbox for reports",
        current_app.config["IMAP_URL"],
        BOUNCES_EVERY,
        lambda url: bounce_mailbox.read_reports(url) == bounce_mailbox.AT_ONCE,
    )
    run_mailbox_loop(loop, stop=stop, beat=beat)


def check_archive(stop: threading.Event, beat: Heartbeat) -> None:
    """Look in the archive for letters in doubt."""
    config = current_app.config
    patience = timedelta(minutes=float(config["ARCHIVE_WAIT"]))

    def visit(url: str) -> bool:
        archive.check_archive(url, patience=patience)
        return False

    loop = MailboxLoop("The archive", config["ARCHIVE_IMAP_URL"], ARCHIVE_EVERY, visit)
    run_mailbox_loop(loop, stop=stop, beat=beat)


def delete_texts(stop: threading.Event, beat: Heartbeat) -> None:
    """Mask links and delete old texts every minute, and again soon while there is more."""
    run_every(RETENTION_EVERY, retention.run_batch, stop=stop, beat=beat, rest=retention.REST)


def mail_report(session: Session) -> dict[str, Any]:
    """The part `mail` of the status report of this service."""
    config = current_app.config
    return domains.mail_report(
        session,
        stopped=bool(config["MAIL_STOPPED"]),
        only_to=trial_domains(config["MAIL_ONLY_TO"]),
    )
