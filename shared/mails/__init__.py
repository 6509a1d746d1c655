"""Every kind of mail: what it must be told, how it behaves when its fate is unknown, how long it
is worth sending.

The texts stand in the institution profile; a test holds that each kind has one in every language.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session

from shared import outbox
from shared.mails import proposers, staff
from shared.mails.about import AboutNothing, Variables
from shared.tables import now


class Kind(NamedTuple):
    """`group`: transactional (no way to opt out) or staff. `on_doubt`: resend; ask a person; or
    verify by what the mail server offers for it, and where it offers nothing ask a person.
    """

    variables: type[AboutNothing]
    group: str
    on_doubt: str
    expiry: timedelta

    @property
    def about_a_proposal(self) -> bool:
        """Whether its subject and text name a reference."""
        return issubclass(self.variables, Variables)


KINDS: dict[str, Kind] = {
    "receipt": Kind(proposers.Receipt, "transactional", "resend", timedelta(days=3)),
    "sign_in_link": Kind(proposers.SignInLink, "transactional", "resend", timedelta(hours=1)),
    "staff_alert": Kind(staff.StaffAlert, "staff", "resend", timedelta(days=3)),
    "decision": Kind(proposers.Decision, "transactional", "verify", timedelta(days=14)),
    "looked_after": Kind(proposers.LookedAfter, "transactional", "resend", timedelta(days=3)),
    "post_from_office": Kind(
        proposers.PostFromOffice, "transactional", "resend", timedelta(days=7)
    ),
    "post_from_proposer": Kind(staff.PostFromProposer, "staff", "resend", timedelta(days=3)),
    "assigned": Kind(staff.Assigned, "staff", "resend", timedelta(days=3)),
    "case_awake": Kind(staff.WithDue, "staff", "resend", timedelta(days=3)),
    "mail_failed": Kind(staff.MailFailed, "staff", "resend", timedelta(days=3)),
    "staff_invitation": Kind(staff.StaffInvitation, "staff", "resend", timedelta(days=3)),
    "password_reset": Kind(staff.ToAColleague, "staff", "resend", timedelta(minutes=30)),
}

# Which moment of a good case sends the proposer which mail. She gets at most eight from sending to
# approval; a test plays the case and adds it up.
GOOD_CASE = {
    "the idea arrives": "receipt",
    "somebody takes it": "looked_after",
    "the office writes": "post_from_office",
    "the office decides": "decision",
}
MOST_TO_A_PROPOSER = 8

TOGETHER = timedelta(minutes=10)  # what is said within it is one mail: the page shows all of it


def spell(said_at: datetime) -> str:
    """Names the ten minutes of a moment, for the `dedupe_key` of what may come in quick series."""
    return str(int(said_at.timestamp() // TOGETHER.total_seconds()))


class Request(NamedTuple):
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


def request(session: Session, wanted: Request) -> UUID:
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
