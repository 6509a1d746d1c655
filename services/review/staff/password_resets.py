"""Who forgot her password gets a link: a loop of the worker looks at what was asked at the door."""

from sqlalchemy import select

from services.review.models import PasswordRequest
from services.review.staff import invitations
from shared import db
from shared.profile import versions

BATCH = 50


def send_links() -> int:
    """Mail what waits; return how much was looked at."""
    waits = select(PasswordRequest).where(~PasswordRequest.done)
    waits = waits.order_by(PasswordRequest.id).limit(BATCH)
    with db.read() as session:
        if session.scalar(waits.with_only_columns(PasswordRequest.id).limit(1)) is None:
            return 0
    with db.begin() as session:
        try:
            profile = versions.in_force(session)
        except versions.NoProfile:
            return 0
        found = session.scalars(waits.with_for_update(skip_locked=True)).all()
        for row in found:
            row.done = True
            if row.staff is not None and row.staff.active:
                invitations.send_reset_link(session, row.staff, profile=profile)
    return len(found)
