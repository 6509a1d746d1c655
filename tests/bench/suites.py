"""The whole suite as processes, with a mail server that records accepted mail."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from infra import processes
from infra.processes import ROOT, Part, Running, answers
from tests.bench.rig import Rig
from tests.servers import Postfix, postfix
from tests.servers.programs import free_ports

READY_WITHIN = 90.0
SELDOM = 0.25  # seconds between two checks, which would distort what is timed


class Sink(NamedTuple):
    """A mail server process; each accepted mail is a line in `ledger`."""

    url: str
    ledger: Path

    def accepted(self) -> int:
        """How many mails were accepted."""
        return self.ledger.read_bytes().count(b"\n")

    def arrived(self) -> dict[str, float]:
        """When the first mail to each mailbox was accepted, by time.time()."""
        results: dict[str, float] = {}
        for line in self.ledger.read_text().splitlines():
            recipient, _, at = line.partition(" ")
            results.setdefault(recipient, float(at))
        return results


@contextlib.contextmanager
def sink(rig: Rig, program: str = "mail_server") -> Iterator[Sink]:
    """A mail server on loopback for the block, one of the programs in `floors`."""
    (port,) = free_ports(1)
    ledger = rig.sub("log") / f"mails-{port}"
    ledger.touch()
    command = [sys.executable, "-m", f"tests.bench.floors.{program}", str(port), str(ledger)]
    with running(rig, [Part("mail server", command, rig.sub("log") / "mail-server.log")], {}):
        until(lambda: not processes.is_free(port), "the mail server")
        yield Sink(f"smtp://127.0.0.1:{port}", ledger)


class Spool:
    """A real mail server; accepted mails are counted in the new part of its log."""

    TOLD = b"(queue active)\n"

    def __init__(self, server: Postfix):
        self.url = server.url
        self._log = (server.folder / "log").open("rb")
        self._count, self._rest = 0, b""

    def accepted(self) -> int:
        """How many mails were accepted."""
        said = self._rest + self._log.read()
        self._count += said.count(self.TOLD)
        self._rest = said[-len(self.TOLD) + 1 :]
        return self._count


@contextlib.contextmanager
def spool() -> Iterator[Spool]:
    """Postfix for the block; it discards queued mail. Raises Missing."""
    with postfix() as server:
        yield Spool(server)


@contextlib.contextmanager
def running(rig: Rig, parts: list[Part], settings: dict[str, str]) -> Iterator[Running]:
    """These parts, started in order and stopped together."""
    found = Running(parts, settings)
    try:
        for name in found.parts:
            found.start(name)
        yield found
    finally:
        found.stop()


def worker(rig: Rig, service: str, *, number: int = 1) -> Part:
    """The worker of a service, started as in the suite."""
    command = [sys.executable, "-m", "flask", "--app", f"services.{service}", "worker"]
    name = f"{service} worker {number}"
    return Part(name, command, rig.sub("log") / f"{service}-worker-{number}.log")


def python_of_operators(rig: Rig) -> str:
    """A Python that has what an operator installs and nothing of ours beside it: libraries load
    what they find, and what linters bring would be measured too.
    """
    python = rig.sub("operator") / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(python.parent.parent)], check=True)
    wanted = ["--require-hashes", "requirements/run.txt"]
    quick = [sys.executable, "-m", "uv", "pip", "sync", "-q", "--python", str(python), *wanted]
    if subprocess.run(quick, cwd=ROOT, check=False).returncode:
        slow = [str(python), "-m", "pip", "install", "-q", wanted[0], "-r", wanted[1]]
        subprocess.run(slow, cwd=ROOT, check=True)
    return str(python)


@contextlib.contextmanager
def started(
    rig: Rig, settings: dict[str, str], mails: Sink, *, python: str = sys.executable
) -> Iterator[tuple[str, Running]]:
    """All six processes, ready; the address of intake with them."""
    ports = dict(zip(("intake", "review", "notify"), free_ports(3), strict=True))
    given = settings | {
        "OVERTURE_SMTP_URL": mails.url,
        "OVERTURE_INTAKE_URL": f"http://127.0.0.1:{ports['intake']}",
        "OVERTURE_REVIEW_URL": f"http://127.0.0.1:{ports['review']}",
    }
    parts = [
        part._replace(command=[python, *part.command[1:]])
        for part in processes.suite(rig.folder, ports=ports)
    ]
    with running(rig, parts, given) as found:
        for port in ports.values():
            until(lambda port=port: answers(f"http://127.0.0.1:{port}/readyz"), f"port {port}")  # type: ignore[misc]
        yield f"http://127.0.0.1:{ports['intake']}", found


def until(
    done: Callable[[], bool], what: str, *, within: float = READY_WITHIN, every: float = 0.02
) -> None:
    """Wait for a condition. Raises TimeoutError that names it."""
    end = time.monotonic() + within
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {within:.0f} s for {what}")
        time.sleep(every)
