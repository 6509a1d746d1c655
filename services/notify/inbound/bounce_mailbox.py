"""The mailbox for delivery reports, read over IMAP.

A report is marked as read only after its effect is committed; reading one twice changes nothing.
Without IMAP_URL the mail server pipes its reports into `flask mail bounce` instead.
"""

import imaplib

from services.notify.inbound import bounces, imap
from shared import db, logs

log = logs.logger(__name__)

AT_ONCE = 200  # reports a visit


def read_reports(url: str) -> int:
    """Take the unread reports, at most AT_ONCE; return how many."""
    with imap.opened(url) as mailbox:
        _, answer = mailbox.uid("search", "UNSEEN")
        numbers = (answer[0] or b"").split()[:AT_ONCE]
        for number in numbers:
            raw = _fetched(mailbox, number.decode())
            with db.begin() as session:
                outcome = bounces.receive(session, raw)
            log.info("delivery report read", outcome=outcome)
            mailbox.uid("store", number.decode(), "+FLAGS", r"(\Seen)")
    return len(numbers)


def _fetched(mailbox: imaplib.IMAP4, number: str) -> bytes:
    """The report, cut one byte past the limit: enough to see that it is too large."""
    _, parts = mailbox.uid("fetch", number, f"(BODY.PEEK[]<0.{bounces.MAX_BYTES + 1}>)")
    return next((part[1] for part in parts if isinstance(part, tuple)), b"")
