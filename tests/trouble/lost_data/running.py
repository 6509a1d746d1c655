"""Web process and worker of intake as processes of their own, asked from outside."""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from infra.processes import Part, Running, answers, suite
from tests.apps import EXAMPLE, close, make
from tests.factories import a_proposal
from tests.intake.browsing import HTML
from tests.servers.programs import free_ports
from tests.trouble.lost_data.small_disk import until

WEB, WORKER = "intake web", "intake worker"


class Intake:
    """Both as `make demo` starts them; `before` are words before the command of each or of one."""

    def __init__(
        self,
        data: Path,
        log: Path,
        *,
        before: Mapping[str, list[str]] = MappingProxyType({}),
        **environment: str,
    ):
        (self.port,) = free_ports(1)
        parts = [
            Part(part.name, [*before.get(part.name, []), *part.command], log / part.log.name)
            for part in suite(data, ports={"intake": self.port})
        ]
        self.logs = [part.log for part in parts]
        self.running = Running(
            parts,
            {
                "OVERTURE_DATABASE_URL": f"sqlite:///{data}/{{service}}.db",
                "OVERTURE_BROKER_URL": f"sqlite:///{data}/broker.db",
                "OVERTURE_RUN_DIR": f"{data}/run",
                "OVERTURE_SEND_AFTER": "0",
                **environment,
            },
        )

    def ask(self, method: str, path: str, **request: Any) -> tuple[HTTPResponse, str]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as link:
            link.request(method, path, **request)
            answer = link.getresponse()
            return answer, answer.read().decode()

    def begin(self) -> Callable[[], tuple[HTTPResponse, str]]:
        """Open the first page in a browser; what is returned presses its button."""
        page, text = self.ask("GET", "/start", headers=HTML)
        cookies = [value.split(";")[0] for name, value in page.getheaders() if name == "Set-Cookie"]
        (token,) = set(re.findall('name="csrf_token"[^>]*value="([^"]+)"', text))
        fields = {"csrf_token": token, EXAMPLE["branch_question"]: "partner"}
        headers = {
            **HTML,
            "Cookie": "; ".join(cookies),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return lambda: self.ask("POST", "/start", body=urlencode(fields), headers=headers)

    def send(self, key: str) -> tuple[HTTPResponse, str]:
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        body = json.dumps(a_proposal())
        return self.ask("POST", "/api/v1/proposals", body=body, headers=headers)

    def ready(self) -> tuple[int, dict[str, Any]]:
        answer, body = self.ask("GET", "/readyz")
        return answer.status, json.loads(body)["parts"]

    def restart_worker(self) -> None:
        """Kill the worker and start it again, as its supervisor would."""
        self.running.processes[WORKER].kill()
        self.running.processes[WORKER].wait()
        self.running.start(WORKER)

    def ended(self) -> list[str]:
        """The processes that have ended since their start."""
        return [name for name, one in self.running.processes.items() if one.poll() is not None]


@contextmanager
def started(service: Intake) -> Iterator[Intake]:
    """Both processes, ready; stopped at the end."""
    try:
        for name in service.running.parts:
            service.running.start(name)
        until(lambda: answers(f"http://127.0.0.1:{service.port}/readyz"))
        yield service
    finally:
        service.running.stop()


def new_installation(migrated_files: Path, folder: Path) -> Path:
    """A folder with the databases of a new installation and the queues of the broker."""
    shutil.copytree(migrated_files, folder)
    app = opened(folder)
    assert app.test_cli_runner().invoke(args=["topology", "apply"]).exit_code == 0
    close(app)
    return folder


def opened(folder: Path) -> Flask:
    """Intake on the files of this folder, to look at what they hold."""
    url, broker = f"sqlite:///{folder}/{{service}}.db", f"sqlite:///{folder}/broker.db"
    return make("intake", DATABASE_URL=url, BROKER_URL=broker)
