"""Ask notify for a mail, in the transaction of what the mail is about."""

from datetime import datetime
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from shared import outbox
from shared.mails.kinds import KINDS
from shared.tables import now


class MailRequest(NamedTuple):
    """One mail that a service wants sent; the same `dedupe_key` is one mail, however often
    asked.
    """

    kind: str
    dedupe_key: str
    proposal_id: UUID | None  # None, and no reference: it is about none
    reference: str
    person_id: UUID | None  # None: a mailbox of the office
    to_address: str
    to_name: str
    reply_to: dict[str, str]  # name, email: a human who answers
    language: str
    profile_version: str
    variables: dict[str, str]
    not_before: datetime | None = None  # it waits until then; None: it goes at once


def request_mail(session: Session, wanted: MailRequest) -> UUID:
    """Ask notify for this mail, in the transaction of what it tells of; return the mail's id.

    Raises marshmallow.ValidationError when the variables are not those of the kind.
    """
    kind = KINDS[wanted.kind]
    kind.variables().load(wanted.variables)
    mail_id = uuid5(NAMESPACE_URL, f"overture:mail:{wanted.dedupe_key}")
    data = {
        **wanted._asdict(),
        "mail_id": mail_id,
        "version": 1,
        "expires_at": now() + kind.expiry,
        "on_doubt": kind.on_doubt,
    }
    outbox.add(session, "mail.requested.v1", data)
    return mail_id
