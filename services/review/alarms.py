"""Administrators are mailed when a service cannot go on by itself: once a cause and day."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.models import Staff
from shared import calendar, links, mails
from shared.profile import Profile, versions
from shared.tables import now

MAIL_WAITS = timedelta(hours=1)  # longer than any pause after a refusal of the mail server


def raise_for(session: Session, *, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    """Mail every administrator about what is new and needs a person in the state of a service."""
    parked = after["parked"] if after["parked"] > (before["parked"] if before else 0) else 0
    mail = after["mail"] or {}
    waits = _since(mail.get("oldest_at")) > MAIL_WAITS and not mail.get("stopped")
    if not parked and not waits:
        return
    try:
        profile = versions.in_force(session)
    except versions.NoProfile:
        return
    day = calendar.local_day(profile, now()).isoformat()
    admins = select(Staff).where(Staff.active, Staff.role == "admin")
    for admin in session.scalars(admins):
        about = {"parked": str(parked) if parked else "", "mail_waits": "yes" if waits else ""}
        cause = f"{after['service']}:{'parked' if parked else 'mail'}:{day}:{admin.id}"
        mails.request(session, _alarm(admin, profile, after["service"], cause=cause, about=about))


def _since(oldest: str | None) -> timedelta:
    return now() - datetime.fromisoformat(oldest) if oldest else timedelta(0)


def _alarm(
    admin: Staff, profile: Profile, service: str, *, cause: str, about: dict[str, str]
) -> mails.Request:
    office = profile.offices[0]
    contact = office["contact"]
    return mails.Request(
        kind="alarm",
        dedupe_key=f"alarm:{cause}",
        proposal_id=None,
        reference="",
        person_id=None,
        to_address=admin.email,
        to_name=admin.name,
        reply_to=contact,
        language=profile.languages[0],
        profile_version=profile.version,
        variables={
            "institution": profile.institution["name"],
            "office": office["label"],
            "contact_name": contact["name"],
            "contact_email": contact["email"],
            "name": admin.name,
            "service": service,
            "operations_url": links.operations(),
            **about,
        },
    )
