"""The published versions of the institution profile in a service's own database.

The files only seed an empty table. After that, review publishes new versions, and an old case keeps
its old questions. The version is the hash of the body; the newest one is in force.
"""

import time
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared import db
from shared.events import NotYet
from shared.profile import Profile, version_of
from shared.tables import ProfileVersion, now

CACHE_SECONDS = 2.0


class NoProfile(RuntimeError):
    """This service has no profile yet. `flask profile import` or an event of review adds one."""


def in_force(session: Session) -> Profile:
    """The newest published profile, cached in this process for two seconds. Raises NoProfile.

    The cache spares most requests a query.
    """
    read_at, cached = _newest.get(db.database(), (0.0, None))
    if cached is not None and time.monotonic() - read_at < CACHE_SECONDS:
        return cached
    newest = select(ProfileVersion.version).order_by(ProfileVersion.published_at.desc()).limit(1)
    version = session.scalar(newest)
    if version is None:
        command = f"flask --app services.{current_app.config['SERVICE']} profile import"
        raise NoProfile(f"no profile has been published yet. Run: {command}")
    profile = of(session, version=version)
    _newest[db.database()] = time.monotonic(), profile
    return profile


def of(session: Session, *, version: str) -> Profile:
    """The profile of one version. Raises NotYet, which defers the event, if it has not arrived."""
    if version in _known:
        return _known[version]
    row = session.get(ProfileVersion, version)
    if row is None:
        raise NotYet(f"profile {version[:12]}")
    profile = _known[version] = Profile.of(row.body)
    return profile


_newest: WeakKeyDictionary[db.Database, tuple[float, Profile]] = WeakKeyDictionary()
_known: dict[str, Profile] = {}  # a version never changes, so its profile can be kept


def put(session: Session, *, body: dict[str, Any], published_at: datetime | None = None) -> str:
    """Store this body and put it in force, unless a newer one is; returns its version."""
    version = version_of(body)
    _newest.pop(db.database(), None)
    row = session.get(ProfileVersion, version)
    moment = published_at or now()
    if row is None:
        session.add(ProfileVersion(version=version, body=body, published_at=moment))
    elif row.published_at < moment:
        row.published_at = moment
    return version


def receive(session: Session, data: dict[str, Any]) -> None:
    """Handler of `profile.published.v1`. Raises ValueError if version and body differ."""
    if version_of(data["body"]) != data["profile_version"]:
        raise ValueError("the version of the profile does not match its body")
    put(session, body=data["body"], published_at=data["published_at"])


__all__ = ["NoProfile", "in_force", "of", "put", "receive"]
