"""A worker that is started before its database is there waits for it and says so once."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from shared.tables import LoopRow
from tests.apps import close, make, seed
from tests.factories import count
from tests.servers.postgresql import PostgreSQL
from tests.servers.programs import Missing
from tests.trouble.lost_data.running import WORKER, Intake
from tests.trouble.lost_data.small_disk import until

pytestmark = pytest.mark.slow

LONG_ENOUGH = 6.0  # seconds in which a worker that does not wait has ended


@contextmanager
def waiting_worker(folder: Path, **environment: str) -> Iterator[Intake]:
    """A worker with nothing to work with, which still runs after a while."""
    service = Intake(folder, folder / "log", before={}, **environment)
    service.running.start(WORKER)
    try:
        time.sleep(LONG_ENOUGH)
        assert service.ended() == []
        yield service
    finally:
        service.running.stop()


def reasons(service: Intake) -> list[str]:
    """Why the worker says that it waits, in order."""
    log = next(log for log in service.logs if "worker" in log.name)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [line["reason"] for line in lines if line["event"] == "the worker waits"]


def installed(app: Flask) -> None:
    """What the operator does next."""
    run = app.test_cli_runner().invoke
    for command in ("db upgrade", "topology apply"):
        assert run(args=command.split()).exit_code == 0
    seed(app)


def works(app: Flask) -> bool:
    return count(app, LoopRow) == len(app.extensions["loops"])


def test_it_waits_for_the_tables_of_a_new_file(tmp_path: Path):
    with waiting_worker(tmp_path) as service:
        assert len(reasons(service)) == 1
        assert "There is no database at" in reasons(service)[0]
        assert "Run: flask --app services.intake db upgrade" in reasons(service)[0]
        (tmp_path / "intake.db").touch()
        until(lambda: "the database is at revision none" in reasons(service)[-1])
        database = f"sqlite:///{tmp_path}/intake.db"
        app = make("intake", DATABASE_URL=database, BROKER_URL=f"sqlite:///{tmp_path}/broker.db")
        installed(app)
        until(lambda: works(app))
        close(app)


@pytest.mark.servers
def test_it_waits_for_a_server_and_for_its_database(tmp_path: Path):
    try:
        server = PostgreSQL(tmp_path, fsync=False)
    except Missing as missing:
        pytest.skip(str(missing))
    database = server.url.format(database="intake")
    try:
        with waiting_worker(tmp_path, OVERTURE_DATABASE_URL=database) as service:
            server.start()
            until(lambda: "does not exist" in reasons(service)[-1])
            server.create_database("intake")
            until(lambda: "revision none" in reasons(service)[-1])
            broker = f"sqlite:///{tmp_path}/broker.db"
            app = make("intake", DATABASE_URL=database, BROKER_URL=broker)
            installed(app)
            until(lambda: works(app))
            close(app)
    finally:
        server.stop()
        server.remove()
