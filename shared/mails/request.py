"""Request a mail from notify, in the same transaction as the change that it reports."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from shared import outbox, references
from shared.mails.kinds import KINDS
from shared.profile import Profile
from shared.restore import restores
from shared.tables import now


class MailRequest(NamedTuple):
    """One mail that a service wants sent. Requests with the same `dedupe_key` make one mail."""

    kind: str
    dedupe_key: str
    proposal_id: UUID | None  # None, without a reference: the mail is not about a proposal
    reference: str
    person_id: UUID | None  # None: a mailbox of the office
    to_address: str
    to_name: str
    reply_to: dict[str, str]  # name and email of a person who answers
    language: str
    profile_version: str
    variables: dict[str, str]
    not_before: datetime | None = None  # None: send it at once


def common_variables(profile: Profile, office: dict[str, Any]) -> dict[str, str]:
    """The variables of every mail: institution, office, and the contact who answers."""
    return {
        "institution": profile.institution["name"],
        "office": office["label"],
        "contact_name": office["contact"]["name"],
        "contact_email": office["contact"]["email"],
    }


def proposal_variables(
    profile: Profile, office: dict[str, Any], *, reference: str, title: str
) -> dict[str, str]:
    """The variables of every mail about a proposal."""
    about = {"reference": references.display(reference), "title": title}
    return common_variables(profile, office) | about


def request_mail(session: Session, wanted: MailRequest) -> UUID:
    """Request this mail in the transaction of the caller; return the id of the mail.

    Raises marshmallow.ValidationError if the variables are not those of the kind.
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
    if happened_at := restores.cause_before_restore(session):
        data["happened_at"] = happened_at
    outbox.add(session, "mail.requested.v1", data)
    return mail_id
