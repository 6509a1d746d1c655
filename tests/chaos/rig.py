"""The suite in one mode, as real processes that may be killed, with its servers."""

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from flask import Flask

from infra.processes import Part, Running, answers
from services.intake import create_app as create_intake
from services.notify import create_app as create_notify
from services.review import create_app as create_review
from shared import commands
from shared.migrations import chain
from tests.apps import close
from tests.servers import PostgreSQL, RabbitMQ, postgresql, rabbitmq
from tests.servers.programs import free_ports
from tests.smtp_sink import Server, sink

CREATE = {"intake": create_intake, "review": create_review, "notify": create_notify}
WORKERS = {"embedded": 1, "production": 2}


class Rig(NamedTuple):
    """All that a storm and its count need."""

    mode: str
    folder: Path
    url: str  # of intake
    running: Running
    apps: dict[str, Flask]
    sink: Server
    broker: RabbitMQ | None
    database: PostgreSQL | None

    @property
    def points(self) -> Path:
        return self.folder / "points"


@contextlib.contextmanager
def started(mode: str, folder: Path) -> Iterator[Rig]:
    """The running suite in this mode, with an empty database; stopped at the end."""
    with ExitStack() as stack:
        for name in ("armed", "fired"):
            (folder / "points" / name).mkdir(parents=True)
        server = stack.enter_context(sink())
        broker = database = None
        environment = _environment(folder, server)
        if mode == "production":
            broker = stack.enter_context(rabbitmq(_sub(folder, "mq")))
            database = stack.enter_context(postgresql(_sub(folder, "pg")))
            environment |= _production(broker, database)
        stack.enter_context(mock.patch.dict(os.environ, environment))
        apps = _prepared()
        for app in apps.values():
            stack.callback(close, app)
        (port,) = free_ports(1)
        running = Running(_parts(folder, mode, port), environment, longest_pause=0.1)
        stack.callback(running.stop)
        for name in running.parts:
            running.start(name)
        url = f"http://127.0.0.1:{port}"
        _wait(url, running)
        yield Rig(mode, folder, url, running, apps, server, broker, database)


def _sub(folder: Path, name: str) -> Path:
    """Open the folder to the users of Debian's servers."""
    folder.chmod(0o755)
    (folder / name).mkdir()
    return folder / name


def _environment(folder: Path, server: Server) -> dict[str, str]:
    return {
        "OVERTURE_DATABASE_URL": f"sqlite:///{folder}/{{service}}.db",
        "OVERTURE_BROKER_URL": f"sqlite:///{folder}/broker.db",
        "OVERTURE_RUN_DIR": str(folder / "run"),
        "OVERTURE_SMTP_URL": server.url,
        "OVERTURE_DOT_TIMEOUT": "2",
        "OVERTURE_SMTP_TIMEOUT": "2",
        "OVERTURE_RESEND_AFTER": "2",
        "OVERTURE_MAIL_RETRY": "1,2",
        "OVERTURE_MAIL_BACKOFF": "2",
        "OVERTURE_SENDS_PER_HOUR": "1000000",
        "OVERTURE_MAILS_PER_HOUR": "1000000",
        "OVERTURE_VISITOR_MAILS_PER_HOUR": "1000000",
        "OVERTURE_LOG_LEVEL": "INFO",
    }


def _production(broker: RabbitMQ, database: PostgreSQL) -> dict[str, str]:
    for service in CREATE:
        database.create_database(service)
    return {
        "OVERTURE_DATABASE_URL": database.url.replace("{database}", "{service}"),
        "OVERTURE_BROKER_URL": broker.url.replace("{worker}", "0"),
    }


def _prepared() -> dict[str, Flask]:
    apps = {service: create({"LOG_LEVEL": "ERROR"}) for service, create in CREATE.items()}
    for app in apps.values():
        with app.app_context():
            chain.upgrade()
            commands.import_profile("example")
            commands.apply_topology()
    return apps


def _parts(folder: Path, mode: str, port: int) -> list[Part]:
    def part(name: str, *command: str) -> Part:
        armed = [sys.executable, "-m", "tests.crash_points", name, str(folder / "points")]
        return Part(name, [*armed, *command], folder / "log" / f"{name}.log")

    web = ["gunicorn", "-c", "infra/gunicorn.conf.py", "-b", f"127.0.0.1:{port}", "-w", "1"]
    parts = [part("intake-web", *web, "services.intake:create_app()")]
    for service in CREATE:
        for number in range(1, WORKERS[mode] + 1):
            name = f"{service}-worker-{number}"
            parts.append(part(name, "flask", "--app", f"services.{service}", "worker"))
    return parts


def _wait(url: str, running: Running, within: float = 60.0) -> None:
    end = time.monotonic() + within
    while not answers(f"{url}/readyz"):
        if time.monotonic() > end:
            raise TimeoutError("the suite did not become ready")
        running.restart_ended()
        time.sleep(0.1)


def kill_everything(rig: Rig) -> int:
    """Send SIGKILL to all processes of the suite at once; return how many."""
    living = [value for value in rig.running.processes.values() if value.poll() is None]
    for process in living:
        os.killpg(process.pid, signal.SIGKILL)
    for process in living:
        process.wait()
    return len(living)


def keep_logs(rig: Rig, target: Path) -> None:
    """Copy the logs of the processes for a later look."""
    shutil.copytree(rig.folder / "log", target, dirs_exist_ok=True)
