"""The three services as test subjects, on SQLite files or on the real PostgreSQL of this run."""

import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from psycopg.types.json import Json

from services.intake import create_app as create_intake
from services.notify import create_app as create_notify
from services.review import create_app as create_review
from shared import db, profile
from shared.migrations import chain
from shared.profile import versions
from shared.settings import SETTINGS

CREATE = {"intake": create_intake, "review": create_review, "notify": create_notify}
TOKEN = "a token for tests, as long as one should be"
LIMITS = {name: "100000" for name in SETTINGS if name.endswith("_PER_HOUR")}
GENEROUS = {**LIMITS, "SEND_AFTER": "0", "SEND_DELAY": "0"}
PUBLIC = {  # with these an installation starts that people reach from other machines
    "INTAKE_URL": "https://ideas.example.edu",
    "REVIEW_URL": "https://office.example.edu",
    "TRUSTED_HOSTS": "localhost,127.0.0.1,ideas.example.edu,office.example.edu",
    "SECRET_KEY": "a secret for tests, as long as one should be",
    "MAIL_FROM": "ideas@example.edu",
    "SMTP_URL": "smtps://user:password@smtp.example.edu",
}
COMPILED = tempfile.TemporaryDirectory(
    prefix="overture-templates-"
)  # once per process, not per app
EXAMPLE = profile.read(Path(__file__).parent.parent / "profiles" / "example")
EXAMPLE_VERSION = profile.version_of(EXAMPLE)

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.servers)
MADE: list[Flask] = []  # what one test has made; closed after it

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database", [POSTGRESQL], indirect=True)


def make(service: str, **config: Any) -> Flask:
    """The app of a service, with its database unchanged."""
    app = CREATE[service]({**GENEROUS, "API_TOKEN": TOKEN, "LOG_LEVEL": "ERROR", **config})
    MADE.append(app)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(COMPILED.name)
    return app


class Suite(Mapping[str, Flask]):
    """The three services, each created on first use: most tests need only one."""

    def __init__(self, **config: Any):
        self.config = config
        self.made: dict[str, Flask] = {}

    def __getitem__(self, service: str) -> Flask:
        if service not in self.made:
            self.made[service] = make(service, **self.config)
        return self.made[service]

    def __iter__(self) -> Iterator[str]:
        return iter(CREATE)

    def __len__(self) -> int:
        return len(CREATE)


def start(service: str, **config: Any) -> Flask:
    """The app of a service with its tables and the example profile, ready for its first request."""
    app = make(service, **config)
    with app.app_context():
        chain.upgrade()
    seed(app)
    return app


def seed(app: Flask) -> None:
    """Put the example profile in force."""
    with app.app_context(), db.begin() as session:
        versions.put(session, body=EXAMPLE)


def migrate(url: str) -> None:
    """Migrate three databases and close them."""
    for service in CREATE:
        close(start(service, DATABASE_URL=url))


def close(app: Flask) -> None:
    """Close the database, so that its file can be copied and PostgreSQL can drop it."""
    app.extensions["database"].engine.dispose()


def close_made() -> None:
    """Close what was made since the last call. An app that lives longer opens its database again,
    and is closed by whoever keeps it.
    """
    while MADE:
        close(MADE.pop())


@contextmanager
def three_databases(url: str) -> Iterator[str]:
    """Three new, migrated databases; `url` has {database} in it, the result {service}."""
    mark = uuid.uuid4().hex[:12]
    names = [f"{service}_{mark}" for service in CREATE]
    with psycopg.connect(url.format(database="postgres"), autocommit=True) as admin:
        for name in names:
            admin.execute(f'CREATE DATABASE "{name}"')
        try:
            made = url.format(database="{service}_" + mark)
            migrate(made)
            yield made
        finally:
            for name in names:
                admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def empty(url: str) -> None:
    """Delete every row of the three databases, except the example profile, as after `migrate`."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    put = "INSERT INTO profile_version (version, body, published_at) VALUES (%s, %s, now())"
    for service in CREATE:
        with psycopg.connect(url.format(service=service), autocommit=True) as link:
            results = [name for (name,) in link.execute(tables) if name != "alembic_version"]
            listed = ", ".join(f'"{name}"' for name in results)
            link.execute(f"TRUNCATE {listed} RESTART IDENTITY CASCADE")
            link.execute(put, [EXAMPLE_VERSION, Json(EXAMPLE)])
