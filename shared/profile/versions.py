"""The published versions of the institution profile in a service's own database.

The files only seed an empty table. From then on what review publishes is the truth, and an old case
keeps the questions that it was asked. The version is the hash of the body; the newest is in force.
"""

import time
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared import db
from shared.events import NotYet
from shared.profile import Profile, version_of
from shared.tables import ProfileVersion, now

LATE = 2.0  # seconds


class NoProfile(RuntimeError):
    """No profile has come to this service yet; `flask profile import` or review's event brings
    one.
    """


def in_force(session: Session) -> Profile:
    """The newest published profile, as this process looked it up two seconds ago at most.

    So most requests ask nothing. Raises NoProfile.
    """
    looked, known = _of_late.get(db.database(), (0.0, None))
    if known is not None and time.monotonic() - looked < LATE:
        return known
    newest = select(ProfileVersion.version).order_by(ProfileVersion.published_at.desc()).limit(1)
    version = session.scalar(newest)
    if version is None:
        raise NoProfile("no profile has been published yet: run flask profile import")
    found = of(session, version=version)
    _of_late[db.database()] = time.monotonic(), found
    return found


def of(session: Session, *, version: str) -> Profile:
    """One version, whole. Raises NotYet when it has not come here (the event is then deferred)."""
    if version in _known:
        return _known[version]
    row = session.get(ProfileVersion, version)
    if row is None:
        raise NotYet(f"profile {version[:12]}")
    profile = _known[version] = Profile.of(row.body)
    return profile


_of_late: WeakKeyDictionary[db.Database, tuple[float, Profile]] = WeakKeyDictionary()
_known: dict[str, Profile] = {}  # a version never changes, so what is built from it may stay


def put(session: Session, *, body: dict[str, Any], published_at: datetime | None = None) -> str:
    """Keep this body as a version and put it in force, unless a newer one is; return the
    version.
    """
    version = version_of(body)
    _of_late.pop(db.database(), None)
    row = session.get(ProfileVersion, version)
    moment = published_at or now()
    if row is None:
        session.add(ProfileVersion(version=version, body=body, published_at=moment))
    elif row.published_at < moment:
        row.published_at = moment
    return version


def receive(session: Session, data: dict[str, Any]) -> None:
    """Handler of `profile.published.v1`. Raises ValueError where body and version do not agree."""
    if version_of(data["body"]) != data["profile_version"]:
        raise ValueError("the profile's body does not have the version that it names")
    put(session, body=data["body"], published_at=data["published_at"])


__all__ = ["NoProfile", "in_force", "of", "put", "receive"]
