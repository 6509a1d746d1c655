"""What a service has to reach, tried for real: database, profile, broker, and what it adds itself.

A handshake returns nothing if all is well, else one sentence without a password.
"""

import os
import re
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from shared import db, logs, migrations, strict_json
from shared.broker import connection, topology
from shared.db import trouble
from shared.events import SERVICES
from shared.settings import SETTINGS, as_set
from shared.settings.checks import advice, is_public
from shared.tables import ProfileVersion

PREFIXES = ("OVERTURE_", *(f"{service.upper()}_" for service in SERVICES))
NOT_OURS = ("OVERTURE_TEST_", "NOTIFY_SOCKET")  # servers of a test run; set by systemd

_EXAMPLE = re.compile(r"[\w.+-]+@[\w.-]+\.example\b")

log = logs.logger(__name__)


class Handshake(NamedTuple):
    """What is tried, in words for the operator, and the function that tries it."""

    name: str
    attempt: Callable[[], str | None]


def init_app(app: Flask, *more: Handshake) -> None:
    """Register what this service tries beside the common ones."""
    app.extensions["warn_at_start"] = warn_of_unknown
    app.extensions["handshakes"] = [
        Handshake("names of settings", _names),
        Handshake("database", _database),
        Handshake("profile", _profile),
        Handshake("broker", _broker),
        Handshake("folder of locks", _run_folder),
        *more,
    ]


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like settings and are none, such as misspelled ones."""
    known = {prefix + name for prefix in PREFIXES for name in SETTINGS}
    named = (name for name in environment if name.startswith(PREFIXES))
    return sorted(name for name in named if name not in known and not name.startswith(NOT_OURS))


def warn_of_unknown() -> None:
    """One line in the log about unknown variables, without their values."""
    if names := unknown(os.environ):
        log.warning("there are no such settings", names=names)


def about_broker(error: Exception) -> str:
    """One sentence about a broker that cannot be used."""
    if isinstance(error, topology.TopologyError):
        return str(error)
    config = current_app.config
    setting = as_set("OVERTURE_BROKER_URL", config["SERVICE"])
    text = str(error)[:300] or type(error).__name__
    return f"{connection.redacted(config['BROKER_URL'])} of {setting}: {text}"


def _names() -> str | None:
    names = unknown(os.environ)
    return f"There is no setting {', '.join(names)}." if names else None


def _database() -> str | None:
    try:
        with db.read() as session:
            missing = migrations.missing(session)
    except DBAPIError as error:
        return str(trouble.of(error))
    full = db.database().room.trouble()
    return missing or (full and str(trouble.Trouble(full, "free some space")))


def _profile() -> str | None:
    try:
        with db.read() as session:
            known = session.scalar(select(ProfileVersion.version).limit(1))
    except DBAPIError as error:
        if trouble.needs_upgrade(error):
            command = trouble.upgrade_command()
            return str(trouble.Trouble("It is in the database, and there is none", command))
        return "It is in the database, which cannot be used."
    if known:
        return None
    service = current_app.config["SERVICE"]
    return f"No profile has been published: run flask --app services.{service} profile import."


def notes() -> list[str]:
    """What is allowed, but seldom meant: sentences about settings and the profile in force."""
    config = current_app.config
    found = list(advice(config))
    with suppress(DBAPIError), db.read() as session:
        newest = select(ProfileVersion.body).order_by(ProfileVersion.published_at.desc())
        found += example_addresses(session.scalar(newest.limit(1)) or {})
    return [as_set(sentence, config["SERVICE"]) for sentence in found]


def example_addresses(body: Mapping[str, Any]) -> list[str]:
    """One sentence if a public installation has a profile with addresses that nobody has."""
    addresses = sorted(set(_EXAMPLE.findall(strict_json.dumps(body).decode())))
    if not addresses or not is_public(current_app.config):
        return []
    listed = ", ".join(addresses[:3]) + (" …" if len(addresses) > 3 else "")
    return [f"The profile has addresses that end in .example: {listed}. Change them in its files."]


def _run_folder() -> str | None:
    """Whether the folder of lock files is there or can be made; makes nothing."""
    folder = Path(current_app.config["RUN_DIR"]).absolute()
    there = next(each for each in (folder, *folder.parents) if each.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            return None
    except OSError as error:
        setting = as_set("OVERTURE_RUN_DIR", current_app.config["SERVICE"])
        return f"{folder} of {setting} cannot be used: {error.strerror} ({there})."


def _broker() -> str | None:
    config = current_app.config
    file = connection.file_of(config["BROKER_URL"])
    if file is not None and not file.exists():  # to connect would make it
        return f"The file {file} is missing. Run: {topology.COMMAND}"
    try:
        with connection.connect(config["BROKER_URL"], name="check") as link:
            topology.check(link, config["SERVICE"])
    except (topology.TopologyError, *connection.LOST) as error:
        return about_broker(error)
    return None
