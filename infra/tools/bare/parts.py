"""What is tried on a bare machine: a clone, one command of README, one user."""

import random
import re
import subprocess
from pathlib import Path
from time import monotonic
from typing import IO, NamedTuple

from infra import processes
from infra.tools.bare.machine import PERSON, Machine

# Packages that the tests install as root; for another user they are installed beforehand.
SERVERS = (
    "rabbitmq-server",
    "postgresql",
    "postfix",
    "dovecot-imapd",
    "chromium",
    "libatomic1",
    "nginx-light",
    "sqlite3",
    "curl",
)
VISIT = "python3 infra/tools/bare/demo_visit.py"
PORTS = range(20000, 30000)  # the bare machine shares loopback with the host
TOTAL = re.compile(r"^=+ (.*\b(?:passed|failed|errors?)\b.*?) in [\d.]+s\b.*=+$", re.MULTILINE)


class Part(NamedTuple):
    """One command of one user, its time limit, and the packages installed beforehand."""

    user: str
    does: str
    command: str
    seconds: int
    installed: tuple[str, ...] = ()


PARTS = {
    "demo-root": Part("root", "make demo", VISIT, 1500),
    "demo-user": Part(PERSON, "make demo", VISIT, 1500),
    "test-root": Part("root", "make test", "make test", 7200),
    "test-user": Part(PERSON, "make test", "make test", 7200, SERVERS),
}


class Result(NamedTuple):
    """The result of one part."""

    name: str
    user: str
    does: str
    seconds: float
    passed: bool
    outcome: str


def run(name: str, base: Machine, *, bundle: Path, log: Path) -> Result:
    """Run one part on a fresh copy of the machine, deleted afterwards. Raises Unable."""
    part = PARTS[name]
    machine = base.copy(base.folder.with_name(name))
    try:
        with log.open("wb") as lines:
            (machine.folder / "overture.bundle").write_bytes(bundle.read_bytes())
            if part.installed:
                machine.install(part.installed, log=lines)
            start = monotonic()
            code = _try(part, machine, lines)
            seconds = monotonic() - start
    finally:
        machine.remove()
    outcome = outcome_of(log.read_text(encoding="utf-8", errors="replace"), code)
    return Result(name, part.user, part.does, seconds, code == 0, outcome)


def outcome_of(lines: str, code: int) -> str:
    """The totals of pytest or else the last line; with the exit code if it is not 0."""
    written = [line.strip() for line in lines.splitlines() if line.strip()]
    summary = "; ".join(TOTAL.findall(lines)) or (written[-1] if written else "nothing was printed")
    if code in (124, 137):
        return f"not done in time: {summary}"
    return summary if code == 0 else f"exit code {code}: {summary}"


def bundle_of_head(folder: Path) -> Path:
    """A git bundle of this repository up to HEAD."""
    bundle = folder / "overture.bundle"
    git = ["git", "-c", "safe.directory=*", "-C", str(processes.ROOT)]
    subprocess.run([*git, "bundle", "create", "-q", str(bundle), "HEAD"], check=True)
    return bundle


def free_ports(count: int) -> list[int]:
    """Free loopback ports."""
    ports = random.sample(PORTS, 50)
    return [port for port in ports if processes.is_free(port)][:count]


def _try(part: Part, machine: Machine, lines: IO[bytes]) -> int:
    ports = ",".join(str(port) for port in free_ports(5))
    clone = "git -c advice.detachedHead=false clone -q /overture.bundle overture"
    script = f"{clone} && cd overture && exec {part.command}"
    return machine.run(
        ["sh", "-c", script],
        user=part.user,
        seconds=part.seconds,
        environment={"DEMO_PORTS": ports},
        log=lines,
    )
