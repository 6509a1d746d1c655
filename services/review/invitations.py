"""People of the office are invited, or choose a new password, by a link that is mailed to them.

No password is ever mailed, printed or known to whoever adds somebody.
"""

from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from services.review import keys, sessions, staff
from services.review.models import Staff, StaffKey
from shared import calendar, dates, links, logs, mails
from shared.profile import Profile
from shared.tables import now

log = logs.logger(__name__)


def invite(session: Session, member: Staff, *, profile: Profile, by: Staff | None) -> None:
    """Mail her the link with which she chooses her first password, or another such link.

    `by`: who adds her, whom she can ask; None where a command does.
    """
    until = calendar.local_day(profile, now() + keys.LASTS["invitation"])
    more = {
        "role": member.role,
        "by": by.name if by else "",
        "until": dates.in_words(until, profile.languages[0]),
    }
    asked = (
        {"name": by.name, "email": by.email} if by else staff.office_of(profile, member)["contact"]
    )
    _mail(session, member, profile=profile, kind="staff_invitation", more=more, contact=asked)
    log.info("invited", staff_id=str(member.id), by=str(by.id) if by else "a command")


def reset(session: Session, member: Staff, *, profile: Profile) -> None:
    """Mail her the link with which she chooses a new password."""
    contact = staff.office_of(profile, member)["contact"]
    _mail(session, member, profile=profile, kind="password_reset", more={}, contact=contact)
    log.info("a new password was asked for", staff_id=str(member.id))


def choose(session: Session, key: StaffKey, *, password: str) -> None:
    """Set the password that she chose with her link, which is used up by it.

    Raises passwords.Refused or passwords.TooLong.
    """
    member = key.staff
    staff.set_password(session, member, password=password)
    keys.forget(session, member)
    sessions.forgive(session, member)
    log.info("a password was chosen", staff_id=str(member.id), by=key.purpose)


def _mail(session: Session, member: Staff, *, profile: Profile, kind: str, **given: Any) -> None:
    contact, token = given["contact"], keys.new()
    variables = {
        "institution": profile.institution["name"],
        "office": staff.office_of(profile, member)["label"],
        "contact_name": contact["name"],
        "contact_email": contact["email"],
        "name": member.name,
        "password_url": links.password(token),
        **given["more"],
    }
    wanted = mails.Request(
        kind=kind,
        dedupe_key=f"{kind}:{uuid4()}",
        proposal_id=None,
        reference="",
        person_id=None,
        to_address=member.email,
        to_name=member.name,
        reply_to=contact,
        language=profile.languages[0],
        profile_version=profile.version,
        variables=variables,
    )
    mail_id = mails.request(session, wanted)
    purpose = "invitation" if kind == "staff_invitation" else "reset"
    keys.keep(session, member, token=token, purpose=purpose, mail_id=mail_id)
