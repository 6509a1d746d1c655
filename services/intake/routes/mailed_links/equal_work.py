"""Mails the links that somebody has asked for, with the same work for strangers."""

import secrets

from sqlalchemy.orm import Session

from services.intake.access.link_tokens import LinkRequest
from services.intake.notifications import proposer_mail
from services.intake.notifications.recipients import Recipient
from services.intake.proposals import lookup, submission
from services.intake.routes import rate_limits
from shared import outbox
from shared.profile import Profile


def mail_links(
    session: Session, link_request: LinkRequest, profile: Profile, *, typed: str
) -> None:
    """Mail a link to whom the request knows. For a stranger the same work is done and undone, so
    that the time of the answer does not tell who is known.
    """
    known = lookup.recipients_for(session, typed=typed, profile=profile)
    others = lookup.somebody(session, profile=profile)
    may_mail = rate_limits.may_mail_link
    allowed = [each for each in known if may_mail(session, address=each.person.address)]
    _mail_each(session, allowed, link_request, profile)
    with session.begin_nested() as undone:
        if not known:
            others = [each for each in others if may_mail(session, address=secrets.token_hex())]
        if not allowed:
            _mail_each(session, others, link_request, profile)
        undone.rollback()


def _mail_each(
    session: Session, recipients: list[Recipient], link_request: LinkRequest, profile: Profile
) -> None:
    """Mail a link to each. Somebody who only typed their address so far becomes a person now."""
    for each in recipients:
        person = submission.person(session, address=each.person.address)
        recipient = each._replace(person=person)
        proposer_mail.sign_in_link(session, recipient, profile=profile, link_request=link_request)
    outbox.flush(session)
