"""Mail the password links that were requested on the sign-in page, in a loop of the worker."""

from sqlalchemy import select

from services.review.models import PasswordRequest
from services.review.staff import invitations
from shared import db
from shared.profile import versions

BATCH = 50


def send_links() -> int:
    """Mail the waiting links; return how many requests were handled."""
    waiting = select(PasswordRequest).where(~PasswordRequest.done)
    waiting = waiting.order_by(PasswordRequest.id).limit(BATCH)
    with db.read() as session:
        if session.scalar(waiting.with_only_columns(PasswordRequest.id).limit(1)) is None:
            return 0
    with db.begin() as session:
        try:
            profile = versions.in_force(session)
        except versions.NoProfile:
            return 0
        requests = session.scalars(waiting.with_for_update(skip_locked=True)).all()
        for request in requests:
            request.done = True
            if request.staff is not None and request.staff.active:
                invitations.send_reset_link(session, request.staff, profile=profile)
    return len(requests)
