"""How long the text of a mail is kept: links and codes at most an hour, the rest thirty days.

The link in a receipt opens the proposal for anyone who has it, so we keep no copy once the mail is
sent. Who got which mail, when, and its outcome stay.
"""

import re
from datetime import timedelta
from email import policy
from email.message import Message
from email.parser import BytesParser

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.notify.mail_table import is_final
from services.notify.models import Mail
from services.notify.models.states import KeptText
from shared import db
from shared.mails.kinds import KINDS
from shared.tables import now

BATCH = 100
REST = 1.0  # seconds between two batches: without a pause, mails leave at a third of the rate
BODIES = timedelta(days=30)

_TOKEN = re.compile(r"(https?://[^\s\"<>]*/)[A-Za-z0-9_-]{32,}")  # of any page
_CODE = re.compile(r"\b[0-9]{6}\b")
_PLAIN = policy.compat32.clone(linesep="\r\n")  # the newer policies parse and refold headers


def run_batch() -> int:
    """Mask and delete one batch; return how many mails it changed."""
    with db.begin() as session:
        return mask(session) + drop_bodies(session)


def mask(session: Session) -> int:
    """Mask links and codes in mails that are final; return how many."""
    unmasked = select(Mail).where(is_final(), Mail.kept == KeptText.WHOLE).limit(BATCH)
    mails = session.scalars(unmasked.with_for_update(skip_locked=True)).all()
    for mail in mails:
        mail.rendered = _masked(mail)
        mail.kept = KeptText.MASKED
    return len(mails)


def drop_bodies(session: Session) -> int:
    """Delete the text of mails that were final thirty days ago; return how many."""
    old = select(Mail.id).where(
        is_final(), Mail.kept == KeptText.MASKED, Mail.changed_at < now() - BODIES
    )
    drop = (
        update(Mail)
        .where(Mail.id.in_(old.limit(BATCH)))
        .values(rendered=b"", kept=KeptText.NOTHING)
    )
    return len(session.execute(drop.returning(Mail.id)).all())


def _masked(mail: Mail) -> bytes:
    """The mail with links and codes masked in every part of its text."""
    kind = KINDS.get(mail.kind)  # None: a kind of another release
    secrets = kind.secrets if kind else {"code"}
    if not secrets:
        return mail.rendered
    patterns = [_TOKEN, _CODE] if "code" in secrets else [_TOKEN]
    message = BytesParser(policy=_PLAIN).parsebytes(mail.rendered)
    if address := message.get("List-Unsubscribe"):
        message.replace_header("List-Unsubscribe", _TOKEN.sub(_dots, address).replace("…", "..."))
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
    """The text of a part; we wrote it in UTF-8."""
    raw = part.get_payload(decode=True)
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""


def _dots(secret: re.Match[str]) -> str:
    return (secret[1] if secret.re is _TOKEN else "") + "…"
