"""How long the text of a mail is kept: links and codes an hour at most, the rest thirty days.

Whoever has the link of a receipt gets in, so it must not lie about once the mail has gone. What was
sent to whom, when and with which outcome stays.
"""

import re
import threading
from datetime import timedelta
from email import policy
from email.message import Message
from email.parser import BytesParser

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.notify.mail_table import is_final
from services.notify.models import Mail
from shared import db
from shared.mails.kinds import KINDS
from shared.tables import now
from shared.worker.loops import Heartbeat, run_every

EVERY = 60.0  # seconds
BATCH = 100
REST = 1.0  # seconds between two batches: without it mails leave at a third of the rate meanwhile
BODIES = timedelta(days=30)

_TOKEN = re.compile(r"(https?://[^\s\"<>]*/)[A-Za-z0-9_-]{32,}")  # whatever page it opens
_CODE = re.compile(r"\b[0-9]{6}\b")
_PLAIN = policy.compat32.clone(linesep="\r\n")  # the other takes every header to pieces


def run(stop: threading.Event, beat: Heartbeat) -> None:
    """A loop of the worker: look every minute, soon again while there is more."""
    run_every(EVERY, _retention_turn, stop=stop, beat=beat, rest=REST)


def _retention_turn() -> int:
    with db.begin() as session:
        return mask(session) + drop_bodies(session)


def mask(session: Session) -> int:
    """Blank what lets somebody in, in mails that have gone; return how many."""
    found = select(Mail).where(is_final(), Mail.kept == "whole").limit(BATCH)
    mails = session.scalars(found.with_for_update(skip_locked=True)).all()
    for mail in mails:
        mail.rendered = _blanked(mail)
        mail.kept = "masked"
    return len(mails)


def drop_bodies(session: Session) -> int:
    """Drop the text of what went long ago; return how many."""
    old = select(Mail.id).where(is_final(), Mail.kept == "masked", Mail.changed_at < now() - BODIES)
    drop = update(Mail).where(Mail.id.in_(old.limit(BATCH))).values(rendered=b"", kept="nothing")
    return len(session.execute(drop.returning(Mail.id)).all())


def _blanked(mail: Mail) -> bytes:
    """The mail without what lets somebody in, in every part of its text."""
    kind = KINDS.get(mail.kind)  # None: another release has known it
    secrets = kind.secrets if kind else {"code"}
    if not secrets:
        return mail.rendered
    patterns = [_TOKEN, _CODE] if "code" in secrets else [_TOKEN]
    message = BytesParser(policy=_PLAIN).parsebytes(mail.rendered)
    for part in message.walk():
        if part.get_content_maintype() == "text":
            text = masked = _text_of(part)
            for pattern in patterns:
                masked = pattern.sub(_dots, masked)
            if masked != text:
                del part["Content-Transfer-Encoding"]  # `set_payload` chooses anew
                part.set_payload(masked, "utf-8")
    return message.as_bytes()


def _text_of(part: Message) -> str:
    """The text of a part, which is ours and in UTF-8."""
    raw = part.get_payload(decode=True)
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def _dots(found: re.Match[str]) -> str:
    return (found[1] if found.re is _TOKEN else "") + "…"
