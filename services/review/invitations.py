"""People of the office are invited, or choose a new password, by a link that is mailed to them.

No password is ever mailed, printed or known to whoever adds somebody.
"""

from uuid import uuid4

from sqlalchemy.orm import Session

from services.review import keys, sessions, staff
from services.review.models import Staff, StaffKey
from services.review.notices import notice
from shared import calendar, dates, links, logs, mails
from shared.profile import Profile
from shared.tables import now

log = logs.logger(__name__)

Words = dict[str, str]


def invite(session: Session, member: Staff, *, profile: Profile, by: Staff | None) -> None:
    """Mail her the link with which she chooses her first password, or another such link.

    `by`: who adds her; None where a command does.
    """
    until = calendar.local_day(profile, now() + keys.LASTS["invitation"])
    more = {
        "role": member.role,
        "by": by.name if by else "",
        "until": dates.in_words(until, profile.languages[0]),
    }
    if by is not None:  # whom she can ask
        more |= {"contact_name": by.name, "contact_email": by.email}
    _mail(session, member, profile=profile, kind="staff_invitation", more=more)
    log.info("invited", staff_id=str(member.id), by=str(by.id) if by else "a command")


def reset(session: Session, member: Staff, *, profile: Profile) -> None:
    """Mail her the link with which she chooses a new password."""
    _mail(session, member, profile=profile, kind="password_reset", more={})
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


def _mail(session: Session, member: Staff, *, profile: Profile, kind: str, more: Words) -> None:
    token = keys.new()
    linked = {**more, "password_url": links.password(token)}
    wanted = notice(member, profile, kind=kind, cause=str(uuid4()), more=linked)
    mail_id = mails.request(session, wanted)
    purpose = "invitation" if kind == "staff_invitation" else "reset"
    keys.keep(session, member, token=token, purpose=purpose, mail_id=mail_id)
