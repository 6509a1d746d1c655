"""Mailed links with which colleagues choose their first password, or a new one.

No password is ever mailed, and the person who invites a colleague never learns it.
"""

from uuid import uuid4

from sqlalchemy.orm import Session

from services.review import labels
from services.review.models import PasswordToken, Staff
from services.review.models.states import LinkPurpose
from services.review.staff import guesses, password_tokens, people
from services.review.staff.mail import staff_mail
from shared import calendar, dates, links, logs
from shared.mails.request import request_mail
from shared.profile import Profile
from shared.tables import now

log = logs.logger(__name__)

Variables = dict[str, str]


def invite(session: Session, member: Staff, *, profile: Profile, by: Staff | None) -> None:
    """Mail a colleague the link with which they choose their first password.

    `by`: who invites them; None for a command.
    """
    until = calendar.local_day(profile, now() + password_tokens.LIFETIMES[LinkPurpose.INVITATION])
    variables = {
        "role": labels.role(member.role).lower(),
        "by": by.name if by else "",
        "until": dates.in_words(until, profile.languages[0]),
    }
    if by is not None:  # they can ask the person who invited them
        variables |= {"contact_name": by.name, "contact_email": by.email}
    _mail(session, member, profile=profile, kind="staff_invitation", variables=variables)
    log.info("invited", staff_id=str(member.id), by=str(by.id) if by else "a command")


def send_reset_link(session: Session, member: Staff, *, profile: Profile) -> None:
    """Mail a colleague the link with which they choose a new password."""
    _mail(session, member, profile=profile, kind="password_reset", variables={})
    log.info("a new password was asked for", staff_id=str(member.id))


def set_password(session: Session, key: PasswordToken, *, password_hash: str) -> None:
    """Store the password that was chosen with a link, which uses the link up."""
    member = key.staff
    people.set_password(session, member, password_hash=password_hash)
    guesses.forget(session, email=member.email)
    log.info("a password was chosen", staff_id=str(member.id), by=key.purpose)


def _mail(
    session: Session, member: Staff, *, profile: Profile, kind: str, variables: Variables
) -> None:
    token = password_tokens.new_token()
    variables = {**variables, "password_url": links.password(token)}
    mail = staff_mail(member, profile, kind=kind, cause=str(uuid4()), variables=variables)
    mail_id = request_mail(session, mail)
    purpose = LinkPurpose.INVITATION if kind == "staff_invitation" else LinkPurpose.RESET
    password_tokens.store(session, member, token=token, purpose=purpose, mail_id=mail_id)
