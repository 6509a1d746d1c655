"""What nobody needs any more goes by itself: old drafts, dead links, counts of the hour."""

import threading

from sqlalchemy.orm import Session

from services.intake import drafts, limits
from shared import db, logs
from shared.loops import Beat, every
from shared.profile import Profile, versions

log = logs.logger(__name__)

EVERY = 3600.0  # seconds


def forget(stop: threading.Event, beat: Beat) -> None:
    """A loop of the worker; each hour it forgets what is due, five hundred drafts at a time."""
    every(EVERY, _turn, stop=stop, beat=beat)


def _turn() -> int:
    with db.begin() as session:
        gone = drafts.purge(session, profile=_profile(session))
        limits.purge(session)
    if gone:
        log.info("drafts forgotten", count=gone)
    return gone


def _profile(session: Session) -> Profile | None:
    """That in force; None before there is one."""
    try:
        return versions.in_force(session)
    except versions.NoProfile:
        return None
