"""Everything that the acts run on: servers of our own, migrated databases, apps, a mail server.

Nothing is started before an act asks for it, so that one act alone begins at once.
"""

import contextlib
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from flask import Flask
from kombu import Connection
from sqlalchemy import create_engine

from shared import commands
from shared.broker import topology
from shared.migrations import chain
from tests import apps
from tests.apps import CREATE
from tests.bench.floors.pages import DRAFT
from tests.bench.floors.web import THING, metadata
from tests.bench.serving import Server, served
from tests.servers import PostgreSQL, RabbitMQ, postgresql, rabbitmq

SECRET = "a secret of this run, the same in every process"
FLOOR = "tests.bench.floors.web:create_app()"


class Size(NamedTuple):
    """The amount of work: `full` for published figures, `small` for a check that it runs."""

    rounds: int
    visits: int  # a round of cheap pages
    sends: int  # a round
    many: int  # cases in the large database
    few: int
    events: int  # a round, through consumer and sender; three times as many through the relay
    mails: int  # a round, on the clock
    backlog: int
    worn: int  # requests after which a worker's memory is read


SIZES = {
    "full": Size(5, 200, 60, 100_000, 1_000, 1_000, 30, 10_000, 10_000),
    "small": Size(1, 8, 4, 200, 50, 40, 4, 60, 80),
}


class Rig:
    """The resources that the acts share, closed with `stack`."""

    def __init__(self, folder: Path, size: Size, stack: ExitStack):
        folder.chmod(0o755)  # Debian's servers run as their own users
        self.folder, self.size, self.stack = folder, size, stack

    def sub(self, name: str) -> Path:
        """A folder of this name, created if missing."""
        (self.folder / name).mkdir(exist_ok=True)
        return self.folder / name

    @cached_property
    def database(self) -> PostgreSQL:
        return self.stack.enter_context(postgresql(self.sub("pg")))

    @cached_property
    def broker(self) -> RabbitMQ:
        return self.stack.enter_context(rabbitmq(self.sub("mq")))

    @property
    def amqp(self) -> str:
        return self.broker.url.replace("{worker}", "0")

    def empty_queues(self) -> None:
        """Purge messages that earlier acts left without a worker."""
        with Connection(self.amqp) as connection:
            for service in CREATE:
                for name in topology.queues_of(service):
                    connection.channel().queue_purge(name)

    @cached_property
    def production(self) -> dict[str, str]:
        """The settings of the suite on PostgreSQL and RabbitMQ, its databases ready."""
        return self.on_postgresql("production") | {"OVERTURE_BROKER_URL": self.amqp}

    @cached_property
    def apps(self) -> dict[str, Flask]:
        """The three services over the production databases, in this process, serving nobody."""
        made = self.made(self.production)
        with made["intake"].app_context():
            commands.apply_topology()
        return made

    @cached_property
    def floor_url(self) -> str:
        """The floors' own database, in the form that SQLAlchemy wants."""
        url = _driver(self.database.create_database("floor"))
        engine = create_engine(url)
        metadata.create_all(engine)
        with engine.begin() as link:
            link.execute(THING.insert(), {"id": DRAFT, "body": {}})
        engine.dispose()
        return url

    def on_postgresql(self, name: str) -> dict[str, str]:
        """Settings with a migrated database a service of their own on PostgreSQL."""
        for service in CREATE:
            self.database.create_database(f"{name}_{service}")
        url = _driver(self.database.url.replace("{database}", f"{name}_{{service}}"))
        return self._migrated(self._settings(name) | {"OVERTURE_DATABASE_URL": url})

    def on_sqlite(self, name: str) -> dict[str, str]:
        """Settings of the embedded mode in a folder of their own, migrated."""
        return self._migrated(self._settings(name))

    def made(self, settings: dict[str, str], **more: Any) -> dict[str, Flask]:
        """The three services over these settings."""
        config = {name.removeprefix("OVERTURE_"): value for name, value in settings.items()}
        config |= {"LOG_LEVEL": "ERROR"} | more  # only the table should be printed
        services = {service: apps.make(service, **config) for service in CREATE}
        for app in services.values():
            self.stack.callback(apps.close, app)
        return services

    @contextlib.contextmanager
    def ours(self, service: str, settings: dict[str, str]) -> Iterator[Server]:
        """This service behind gunicorn."""
        log = self.sub("log") / f"{service}-web.log"
        with served(f"services.{service}:create_app()", settings, log=log) as server:
            yield server

    @contextlib.contextmanager
    def floor(self, **more: str) -> Iterator[Server]:
        """The floor's app behind gunicorn, over the floor's database where none is named."""
        settings = {"FLOOR_DATABASE": more.pop("database", None) or self.floor_url}
        settings |= {f"FLOOR_{name.upper()}": value for name, value in more.items()}
        with served(FLOOR, settings, log=self.sub("log") / "floor-web.log") as server:
            yield server

    def _settings(self, name: str) -> dict[str, str]:
        folder = self.sub(name)
        given = apps.GENEROUS | {
            "DATABASE_URL": f"sqlite:///{folder}/{{service}}.db",
            "BROKER_URL": f"sqlite:///{folder}/broker.db",
            "RUN_DIR": str(folder / "run"),
            "SECRET_KEY": SECRET,
            "API_TOKEN": apps.TOKEN,
            "LOG_LEVEL": "INFO",
        }
        return {f"OVERTURE_{name}": value for name, value in given.items()}

    def _migrated(self, settings: dict[str, str]) -> dict[str, str]:
        for app in self.made(settings).values():
            with app.app_context():
                chain.upgrade()
                commands.import_profile("example")
            apps.close(app)
        return settings


@contextlib.contextmanager
def rigged(folder: Path, size: Size) -> Iterator[Rig]:
    """A rig for the block; afterwards its servers are stopped and its files deleted."""
    with ExitStack() as stack:
        yield Rig(folder, size, stack)
    shutil.rmtree(folder, ignore_errors=True)


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def plain(url: str) -> psycopg.Connection[Any]:
    """A connection without SQLAlchemy, for counting rows."""
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
