"""Administrators are mailed when a service cannot go on by itself: once a cause and day."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.models import Staff
from services.review.notices import notice
from shared import calendar, links, mails
from shared.profile import versions
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
        about = {
            "service": after["service"],
            "parked": str(parked) if parked else "",
            "mail_waits": "yes" if waits else "",
            "operations_url": links.operations(),
        }
        cause = f"{after['service']}:{'parked' if parked else 'mail'}:{day}:{admin.id}"
        mails.request(session, notice(admin, profile, kind="alarm", cause=cause, more=about))


def _since(oldest: str | None) -> timedelta:
    return now() - datetime.fromisoformat(oldest) if oldest else timedelta(0)
