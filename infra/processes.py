"""Start the processes of the suite on one machine, restart them if they end, and stop them."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from shared.db import private

ROOT = Path(__file__).parent.parent
STOP_WITHIN = 10.0
STABLE_AFTER = 30.0  # seconds; a later end counts as a first failure


class Part(NamedTuple):
    """One process: its name, command and log file."""

    name: str
    command: list[str]
    log: Path


# Python threads run one at a time, so one malloc arena is enough and saves 20 MB.
ALLOCATOR = {"MALLOC_ARENA_MAX": "1"}


class Running:
    """The parts and their processes; a part that ends is restarted after a growing pause."""

    def __init__(
        self, parts: list[Part], environment: Mapping[str, str], *, longest_pause: float = 10.0
    ):
        self.parts = {part.name: part for part in parts}
        self.environment = {**ALLOCATOR, **os.environ, **environment, "PYTHONPATH": str(ROOT)}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.longest_pause = longest_pause
        self.started_at: dict[str, float] = {}
        self.failures: dict[str, int] = {}
        self.restart_at: dict[str, float] = {}

    def start(self, name: str) -> None:
        """Start one part; append its output to its log, unless a full disk has no room for one."""
        part = self.parts[name]
        self.started_at[name] = time.monotonic()
        with _opened(part.log) as log:
            self.processes[name] = subprocess.Popen(
                part.command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C must reach only us; `stop` ends the parts
                preexec_fn=_die_with_parent,
            )

    def restart_ended(self) -> list[str]:
        """Restart the parts that have ended; return the names of newly ended ones."""
        ended = []
        current = time.monotonic()
        for name, process in self.processes.items():
            if process.poll() is None:
                continue
            if name not in self.restart_at:
                ended.append(name)
                lifetime = current - self.started_at[name]
                self.failures[name] = (
                    1 if lifetime > STABLE_AFTER else self.failures.get(name, 0) + 1
                )
                pause = 0.1 * 2 ** min(self.failures[name], 8)
                self.restart_at[name] = current + min(self.longest_pause, pause)
        for name in [name for name, at in self.restart_at.items() if at <= current]:
            del self.restart_at[name]
            self.start(name)
        return ended

    def stop(self) -> None:
        """Send SIGTERM to all; after ten seconds, SIGKILL."""
        living = [process for process in self.processes.values() if process.poll() is None]
        for process in living:
            process.send_signal(signal.SIGTERM)
        end = time.monotonic() + STOP_WITHIN
        for process in living:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _opened(path: Path) -> IO[bytes]:
    try:
        private.make_folder(path.parent)
        private.make_file(path)
        return path.open("ab")
    except OSError:
        return Path(os.devnull).open("ab")


def _die_with_parent() -> None:
    """On Linux, end with the parent, so that a killed parent leaves no port in use."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def suite(var: Path, *, ports: Mapping[str, int]) -> list[Part]:
    """The web server and worker of each service, in starting order."""
    log = var / "log"
    python = sys.executable
    parts = []
    for service, port in ports.items():
        app = f"services.{service}:create_app()"
        web = [python, "-m", "gunicorn", "-c", "infra/gunicorn.conf.py", "-b", f"127.0.0.1:{port}"]
        worker = [python, "-m", "flask", "--app", f"services.{service}", "worker"]
        parts.append(Part(f"{service} web", [*web, app], log / f"{service}-web.log"))
        parts.append(Part(f"{service} worker", worker, log / f"{service}-worker.log"))
    return parts


def is_free(port: int) -> bool:
    """Whether this loopback port is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(url: str) -> bool:
    """Whether this address answers with 200."""
    try:
        with urlopen(url, timeout=2) as response:  # noqa: S310 - our own loopback address
            return bool(response.status == 200)
    except (HTTPError, URLError, OSError):
        return False
