"""An operator's installation: a checkout, a settings file, shells and processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from infra.processes import ROOT, answers
from tests.infra.operations_page import Step

CHECKED_OUT = ("infra", "profiles", "requirements", "services", "shared")
READY_WITHIN = 90.0  # seconds; long enough for a busy machine
COMMAND_WITHIN = 120.0


class Failed(AssertionError):
    """A command of the page failed; the message has its output."""


class Deployment:
    """`words` are what the page leaves to its reader, or says of another machine, and what stands
    for it here. `first` are the commands with which every shell begins."""

    def __init__(self, folder: Path, *, words: Mapping[str, str], first: str = ""):
        self.folder, self.first = folder, first
        places = {"/srv/overture": "srv", "/etc/overture": "etc", "/var/backups/overture": "copies"}
        self.words = {place: str(folder / name) for place, name in places.items()} | dict(words)
        self.programs = folder / "programs"  # searched before the machine's own
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        if not _is_locked(Path(sys.prefix)):
            raise Failed(
                "this environment is not as locked, and the page would change it: make check"
            )
        for name in (*places.values(), "programs"):
            (folder / name).mkdir()
        for name in CHECKED_OUT:
            (folder / "srv" / name).symlink_to(ROOT / name)
        (folder / "srv" / ".venv").symlink_to(sys.prefix)

    def filled(self, text: str, words: Mapping[str, str] | None = None) -> str:
        """The text with all placeholders replaced, longer ones first."""
        known = self.words | dict(words or {})
        for word in sorted(known, key=len, reverse=True):
            text = text.replace(word, known[word])
        return text

    def run(self, text: str, *, words: Mapping[str, str] | None = None) -> str:
        """Run these lines in a new shell, which stops at the first failure; return its output.

        Raises Failed. A question is answered with yes; nothing of our own environment is there.
        """
        script = self.filled(self.first + text, words)
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self._environment(),
            input="y\n",
            capture_output=True,
            text=True,
            timeout=COMMAND_WITHIN,
            start_new_session=True,  # a prompt must not reach our terminal
        )
        if ran.returncode:
            raise Failed(f"exit code {ran.returncode} of\n{script}\n{ran.stdout}{ran.stderr}")
        return ran.stdout

    def start(self, lines: str) -> None:
        """Start each line as a background process."""
        for line in lines.splitlines():
            with (self.folder / "log").open("ab") as log:
                self.processes[line] = subprocess.Popen(
                    ["bash", "-euc", self.filled(f"{self.first}exec {line}")],
                    cwd=self.folder,
                    env=self._environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def wait_until_ready(self, *urls: str) -> None:
        """Wait until each of these answers 200. Raises Failed with the end of the log."""
        end = time.monotonic() + READY_WITHIN
        while waiting := [url for url in urls if not answers(url)]:
            dead = [line for line, process in self.processes.items() if process.poll() is not None]
            if dead or time.monotonic() > end:
                log = (self.folder / "log").read_text(errors="replace")[-3000:]
                raise Failed(f"ended: {dead}; not ready: {waiting}\n{log}")
            time.sleep(0.2)

    def stop(self) -> list[str]:
        """Stop all with SIGTERM; return those that had already ended."""
        dead = [line for line, process in self.processes.items() if process.poll() is not None]
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes = {}
        return dead

    def _environment(self) -> dict[str, str]:
        path = f"{self.programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return {"PATH": path, "HOME": str(self.folder), "LANG": "C.UTF-8"}


def _is_locked(environment: Path) -> bool:
    """Whether it matches the lock files, so that infra/environment.sh leaves it alone."""
    lock_files = {name: environment / f"overture-{name}.lock" for name in ("run", "dev")}
    return any(
        lock.exists() and lock.read_bytes() == (ROOT / "requirements" / f"{name}.txt").read_bytes()
        for name, lock in lock_files.items()
    )


def settings_of(page: list[Step], *, mode: str) -> str:
    """The settings file that the page asks for in this mode."""
    return "".join(step.text for step in page if step.language == "ini" and step.is_for(mode))
