"""After a restore: what is known of each mail, and what nobody can know.

A mail that waited in the copy may have been sent since. So may one that was requested before the
restore, or because of something that happened before. They count as unconfirmed, and a person
decides; only a partner that knows what became of a mail settles it at once.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.notify import delivery_status, suppressions
from services.notify.mail_table import UNDER_WAY
from services.notify.models import Mail
from services.notify.models.states import MailState
from shared.restore import inventory
from shared.restore.announcements import Announced, Announcements
from shared.restore.inventory import Holdings, buckets

UNKNOWN = "The database was put back from a copy. Nobody knows whether this was sent."


def hold(session: Session, before: datetime) -> Holdings:
    """What notify holds, of its own things those unchanged since `before`."""
    heard_of = (Mail.version > 0, Mail.changed_at <= before)
    return inventory.common(session, before) | {
        "states of mails": buckets(session, Mail.id, Mail.version, *heard_of)
    }


def _mails(session: Session) -> Sequence[Any]:
    known = select(Mail.id).where(Mail.version > 0, Mail.state != MailState.SENDING)
    return session.scalars(known.order_by(Mail.changed_at)).all()


def _tell_mail(session: Session, mail_id: Any) -> None:
    mail = session.get(Mail, mail_id)
    if mail is not None and mail.state != MailState.SENDING:
        refused = mail.state in (MailState.FAILED, MailState.BOUNCED)
        banned = refused and suppressions.find(session, address=mail.recipient) is not None
        delivery_status.tell_again(session, mail, **({"suppressed": True} if banned else {}))


def _doubt_waiting(session: Session) -> None:
    """Hold back every mail of the copy that waits, or that would be sent again after a doubt."""
    for mail in session.scalars(select(Mail).where(Mail.state.in_(UNDER_WAY))):
        mail.lease_token = mail.dot_at = None
        mail.last_reply = UNKNOWN
        delivery_status.change_state(session, mail, state=MailState.UNCONFIRMED, reason=UNKNOWN)


ANNOUNCEMENTS = Announcements(
    [Announced("states of mails", _mails, _tell_mail)], restored=_doubt_waiting
)
