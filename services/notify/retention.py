"""How long the text of a mail is kept: its links an hour at most, the rest of it thirty days.

Whoever has the link of a receipt gets in, so it must not lie about once the mail has gone. What was
sent to whom, when and with which outcome stays.
"""

import re
import threading
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.notify.models import Mail
from shared import db, mails
from shared.tables import now
from shared.worker import Beat, every

EVERY = 60.0  # seconds
BATCH = 100
BODIES = timedelta(days=30)
UNDER_WAY = ("queued", "sending", "deferred", "in_doubt")  # the bytes are still needed

_TOKEN = re.compile(r"(https?://[^\s\"<>]*/)[A-Za-z0-9_-]{32,}")  # whatever page it opens


def forget(stop: threading.Event, beat: Beat) -> None:
    """A loop of the worker: look every minute, at once again while there is more."""
    every(EVERY, _turn, stop=stop, beat=beat)


def _turn() -> int:
    with db.begin() as session:
        return mask(session) + drop_bodies(session)


def mask(session: Session) -> int:
    """Blank what lets somebody in, in mails that have gone; return how many."""
    done = Mail.state.not_in(UNDER_WAY)
    found = select(Mail).where(Mail.kept == "whole", done).limit(BATCH)
    gone = session.scalars(found.with_for_update(skip_locked=True)).all()
    for mail in gone:
        kind = mails.KINDS.get(mail.kind)
        if kind is None or kind.secrets:  # another release may have known it
            mail.rendered = without_links(mail.rendered)
        mail.kept = "masked"
    return len(gone)


def drop_bodies(session: Session) -> int:
    """Drop the text of what went long ago; return how many."""
    old = select(Mail.id).where(Mail.kept == "masked", Mail.changed_at < now() - BODIES)
    gone = update(Mail).where(Mail.id.in_(old.limit(BATCH))).values(rendered=b"", kept="nothing")
    return len(session.execute(gone.returning(Mail.id)).all())


def without_links(rendered: bytes) -> bytes:
    """The mail with its secret links blanked, in every part of its text."""
    message = BytesParser(policy=policy.SMTP).parsebytes(rendered)
    for part in message.walk():
        if isinstance(part, EmailMessage) and part.get_content_maintype() == "text":
            text = part.get_content()
            masked = _TOKEN.sub(r"\1…", text)
            if masked != text:
                part.set_content(masked, subtype=part.get_content_subtype(), cte="base64")
    return message.as_bytes()
