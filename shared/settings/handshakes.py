"""What a service has to reach, tried for real: database, profile, broker, and what it adds itself.

A handshake returns nothing if all is well, else one sentence without a password.
"""

import os
from collections.abc import Callable, Mapping
from typing import NamedTuple

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from shared import db, migrations
from shared.broker import connection, topology
from shared.settings import SETTINGS
from shared.tables import ProfileVersion

PREFIX = "OVERTURE_"
TESTS = "OVERTURE_TEST_"  # the addresses of the servers of a test run


class Handshake(NamedTuple):
    """What is tried, in words for the operator, and the function that tries it."""

    name: str
    attempt: Callable[[], str | None]


def init_app(app: Flask, *more: Handshake) -> None:
    """Register what this service tries beside the common ones."""
    app.extensions["handshakes"] = [
        Handshake("names of settings", _names),
        Handshake("database", _database),
        Handshake("profile", _profile),
        Handshake("broker", _broker),
        *more,
    ]


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like settings and are none, such as misspelled ones."""
    known = {PREFIX + name for name in SETTINGS}
    named = (name for name in environment if name.startswith(PREFIX))
    return sorted(name for name in named if name not in known and not name.startswith(TESTS))


def _names() -> str | None:
    names = unknown(os.environ)
    return f"There is no setting {', '.join(names)}." if names else None


def _database() -> str | None:
    try:
        with db.read() as session:
            return migrations.missing(session) or None
    except DBAPIError as error:
        return f"{str(error.orig)[:200]}"


def _profile() -> str | None:
    try:
        with db.read() as session:
            known = session.scalar(select(ProfileVersion.version).limit(1))
    except DBAPIError:
        return "It is in the database."
    if known:
        return None
    service = current_app.config["SERVICE"]
    return f"No profile has been published: run flask --app services.{service} profile import."


def _broker() -> str | None:
    config = current_app.config
    try:
        with connection.connect(config["BROKER_URL"], name="check") as link:
            topology.check(link, config["SERVICE"])
    except (topology.TopologyError, *connection.LOST) as error:
        return str(error)[:300] or type(error).__name__
    return None
