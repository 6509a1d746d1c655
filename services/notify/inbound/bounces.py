"""Delivery reports: what a mail server reports about a mail that it accepted.

Every mail has its own envelope sender (VERP), and a report must name that address; a forged report
changes nothing. Only the part for machines (`message/delivery-status`) is read. No report is ever
answered.
"""

import re
from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from services.notify import delivery_status, suppressions
from services.notify.composing import addresses
from services.notify.models import Mail
from services.notify.models.states import MailState, ReportAction
from services.notify.smtp.outcomes import plain
from services.notify.smtp.refusals import Blame, blame
from shared import logs

log = logs.logger(__name__)

MAX_BYTES = 1024 * 1024  # of a report; more is the quoted mail, which we do not need
# In these states a report can be news.
DELIVERED_STATES = (MailState.SENT, MailState.CONFIRMED, MailState.UNCONFIRMED)
ARRIVED = (ReportAction.DELIVERED, ReportAction.RELAYED, ReportAction.EXPANDED)
DELIVERY_REPORTED = "The mail server reports that it arrived."
ADDRESSED = ("To", "Delivered-To", "X-Original-To", "Envelope-To")

_TAG = re.compile(r"\+(?P<tag>[a-z2-7]{34})@")
_OLDER_TAG = re.compile(r"\+(?P<mail>[0-9a-f]{32})-[0-9a-f]{12}@")  # of an older release
_STATUS = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")


class Report(NamedTuple):
    """What a report says about one recipient; `action` is a ReportAction where we know it."""

    action: str
    status: str
    reason: str


def receive(session: Session, raw: bytes, *, to: str = "") -> str:
    """Apply one report, sent to `to` or to the address in its headers; return the result."""
    if len(raw) > MAX_BYTES:
        return "ignored: too large"
    message = BytesParser(policy=policy.compat32).parsebytes(raw)
    report = read(message)
    if report is None:
        return "ignored: not a delivery report"
    addressed = to or " ".join(str(message.get(name, "")) for name in ADDRESSED)
    mail = _mail_addressed(session, addressed)
    if mail is None:
        return "ignored: not about a mail of ours"
    with logs.bound(mail.traceparent, mail_id=str(mail.id)):
        return _apply(session, mail, report)


def read(message: Message) -> Report | None:
    """The first recipient of a delivery report; our mails have one. None for another message."""
    if message.get_content_type() != "multipart/report":
        return None
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            return _recipient(part)
    return None


def _recipient(part: Message) -> Report | None:
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Message):
            continue
        action = str(block.get("Action", "")).strip().casefold()
        status = _STATUS.search(str(block.get("Status", "")))
        if action and status:
            reason = plain(str(block.get("Diagnostic-Code", "")).partition(";")[2])
            return Report(action, status.group(), reason or status.group())
    return None


def _mail_addressed(session: Session, addressed: str) -> Mail | None:
    """The mail with this envelope sender, tag included."""
    said = addressed.casefold()
    tags = [(tag.group(), addresses.mail_id_in(tag["tag"])) for tag in _TAG.finditer(said)]
    tags += [(tag.group(), UUID(tag["mail"])) for tag in _OLDER_TAG.finditer(said)]
    for tag, mail_id in tags:
        mail = session.get(Mail, mail_id, with_for_update=True) if mail_id else None
        if mail is not None and tag in mail.envelope_from.casefold():
            return mail
    return None


def _apply(session: Session, mail: Mail, report: Report) -> str:
    if mail.state not in DELIVERED_STATES:
        return f"ignored: the mail is {mail.state}"
    if report.action == ReportAction.FAILED and report.status.startswith("5"):
        flags = {}
        if blame(report.reason, status=report.status) == Blame.MAILBOX:
            suppressions.add(session, address=mail.recipient, reason=report.reason, mail_id=mail.id)
            flags = {"suppressed": True}
        delivery_status.change_state(
            session, mail, state=MailState.BOUNCED, reason=report.reason, **flags
        )
        return "bounced"
    if report.action in ARRIVED and mail.state == MailState.UNCONFIRMED:
        delivery_status.change_state(
            session,
            mail,
            state=MailState.CONFIRMED,
            reason=DELIVERY_REPORTED,
        )
        return "settled"
    return f"noted: {report.action}"
