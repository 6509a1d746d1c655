"""A web app under gunicorn with our settings, and rounds of requests to it."""

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from infra import processes
from infra.processes import Part, Running
from tests.bench import accounts
from tests.bench.visitor import Visitor
from tests.servers.programs import free_ports

READY_WITHIN = 120.0  # seconds; long enough for a busy machine
Visit = Callable[[Visitor], None]


class PortTaken(RuntimeError):
    """The port is in use; we would measure another server."""


class Server(NamedTuple):
    """A started app. `ready_after`: seconds from its start to its first answer; `also`: processes
    whose time counts with its own, such as the database's.
    """

    url: str
    pid: int
    ready_after: float
    also: tuple[int, ...] = ()

    def computed(self) -> float:
        """Seconds of processor so far."""
        return sum(accounts.processor(pid) for pid in (self.pid, *self.also))

    @property
    def workers(self) -> list[int]:
        return [pid for pid in accounts.tree(self.pid) if pid != self.pid]


class Round(NamedTuple):
    """One round: processor milliseconds of the server per act, and the time of each act."""

    cpu_ms: float
    took_ms: list[float]


@contextlib.contextmanager
def served(
    app: str, environment: Mapping[str, str], *, log: Path, port: int | None = None
) -> Iterator[Server]:
    """Serve this app (module:factory()) on loopback. Raises PortTaken for a busy port."""
    port = port or free_ports(1)[0]
    if not processes.is_free(port):
        raise PortTaken(f"port {port} is taken: another server would be measured")
    command = [sys.executable, "-m", "gunicorn", "-c", "infra/gunicorn.conf.py"]
    part = Part(app, [*command, "-b", f"127.0.0.1:{port}", app], log)
    running = Running([part], environment)
    began = time.monotonic()
    running.start(app)
    try:
        url = f"http://127.0.0.1:{port}"
        _until_it_answers(f"{url}/healthz", running.processes[app].poll, log)
        yield Server(url, running.processes[app].pid, time.monotonic() - began)
    finally:
        running.stop()


def _until_it_answers(url: str, ended: Callable[[], int | None], log: Path) -> None:
    end = time.monotonic() + READY_WITHIN
    while not processes.answers(url):
        if ended() is not None or time.monotonic() > end:
            raise RuntimeError(f"{url} does not answer:\n{log.read_text()[-2000:]}")
        time.sleep(0.005)


def measure_round(server: Server, visitors: list[Visitor], visit: Visit, *, times: int) -> Round:
    """Let the visitors do the act `times` times in total, each in a thread, after a warm-up."""
    for visitor in visitors:
        visit(visitor)
    before = server.computed()
    took: list[float] = []
    faults: list[Exception] = []

    def go(visitor: Visitor, count: int) -> None:
        try:
            for _ in range(count):
                began = time.perf_counter()
                visit(visitor)
                took.append((time.perf_counter() - began) * 1000)
        except Exception as error:  # raised again by the waiting thread
            faults.append(error)

    share = max(1, times // len(visitors))
    threads = [threading.Thread(target=go, args=(one, share), daemon=True) for one in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return Round((server.computed() - before) * 1000 / len(took), took)


def in_turns(rounds: int, *sides: Callable[[], Round]) -> list[list[Round]]:
    """Rounds A B A B of both sides; the first pair is a warm-up and not counted."""
    by_side: list[list[Round]] = [[] for _ in sides]
    for number in range(rounds + 1):
        for place, side in enumerate(sides):
            one = side()
            if number:
                by_side[place].append(one)
    return by_side


def cpu(rounds: list[Round]) -> list[float]:
    return [round_.cpu_ms for round_ in rounds]


def waits(rounds: list[Round]) -> list[float]:
    """All waiting times of these rounds."""
    return [wait for one in rounds for wait in one.took_ms]
