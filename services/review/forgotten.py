"""Who forgot her password gets a link: a loop of the worker looks at what was asked at the door."""

import threading

from sqlalchemy import select

from services.review import invitations
from services.review.models import ForgottenPassword
from shared import db
from shared.loops import Beat, every
from shared.profile import versions

EVERY = 1.0  # seconds
AT_ONCE = 50


def send(stop: threading.Event, beat: Beat) -> None:
    """Mail the links that were asked for, until told to stop."""
    every(EVERY, turn, stop=stop, beat=beat)


def turn() -> int:
    """Mail what waits; return how much was looked at."""
    waits = select(ForgottenPassword).where(~ForgottenPassword.done)
    waits = waits.order_by(ForgottenPassword.id).limit(AT_ONCE)
    with db.read() as session:
        if session.scalar(waits.with_only_columns(ForgottenPassword.id).limit(1)) is None:
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
                invitations.reset(session, row.staff, profile=profile)
    return len(found)
