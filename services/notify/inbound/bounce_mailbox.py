"""The mailbox to which reports come back, looked through over IMAP every minute.

Each report is marked as read in the mailbox once its effect is committed; one that is read twice
changes nothing. Without IMAP_URL the loop has nothing to do: `flask mail bounce` takes reports from
a pipe of the mail server instead.
"""

import imaplib
import threading
import time

from flask import current_app
from sqlalchemy.exc import DBAPIError

from services.notify.inbound import bounces, imap
from shared import db, logs
from shared.worker.loops import Heartbeat

log = logs.logger(__name__)

EVERY = 60.0  # seconds
AT_ONCE = 200  # reports a look


def watch(stop: threading.Event, beat: Heartbeat) -> None:
    """A loop of the worker: look into the mailbox until told to stop."""
    url = current_app.config["IMAP_URL"]
    due = time.monotonic()
    trouble: str | None = None
    while not stop.wait(0.5):
        beat(trouble, within=4 * imap.PATIENCE)
        if not url or time.monotonic() < due:
            continue
        try:
            trouble = None
            count = read_reports(url)
            due = time.monotonic() + (EVERY if count < AT_ONCE else 0)
        except (*imap.LOST, DBAPIError) as error:
            if isinstance(error, DBAPIError) and not db.unreachable(error):
                raise
            trouble = f"The mailbox for reports cannot be read: {str(error)[:200]}"
            log.warning("the mailbox cannot be read", error=str(error)[:200])
            due = time.monotonic() + EVERY


def read_reports(url: str) -> int:
    """Take every unread report; return how many."""
    with imap.opened(url) as mailbox:
        _, found = mailbox.uid("search", "UNSEEN")
        numbers = (found[0] or b"").split()[:AT_ONCE]
        for number in numbers:
            raw = _fetched(mailbox, number.decode())
            with db.begin() as session:
                outcome = bounces.receive(session, raw)
            log.info("report", outcome=outcome)
            mailbox.uid("store", number.decode(), "+FLAGS", r"(\Seen)")
    return len(numbers)


def _fetched(mailbox: imaplib.IMAP4, number: str) -> bytes:
    """At most one byte more than we read: what is larger is told by it and not loaded."""
    _, found = mailbox.uid("fetch", number, f"(BODY.PEEK[]<0.{bounces.MAX_BYTES + 1}>)")
    return next((part[1] for part in found if isinstance(part, tuple)), b"")
