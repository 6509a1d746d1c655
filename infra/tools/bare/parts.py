"""What is tried on a bare machine: a clone, one command of README, one user."""

import random
import re
import subprocess
from pathlib import Path
from time import monotonic
from typing import IO, NamedTuple

from infra import processes
from infra.tools.bare.machine import PERSON, Machine

# What tests/ would install as root; a person who is not root finds them installed.
SERVERS = (
    "rabbitmq-server",
    "postgresql",
    "postfix",
    "dovecot-imapd",
    "chromium",
    "libatomic1",
    "sqlite3",
    "curl",
)
VISIT = "python3 infra/tools/bare/demo_visit.py"
PORTS = range(20000, 30000)  # of loopback, which the bare machine shares with this one
TOTAL = re.compile(r"^=+ (.*\b(?:passed|failed|errors?)\b.*?) in [\d.]+s\b.*=+$", re.MULTILINE)


class Part(NamedTuple):
    """One command by one user, its limit in seconds, and the packages installed before it."""

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
    """How one part went."""

    name: str
    user: str
    does: str
    seconds: float
    passed: bool
    outcome: str


def run(name: str, base: Machine, *, bundle: Path, log: Path) -> Result:
    """Try one part on a fresh copy of the machine, which is deleted afterwards. Raises Unable."""
    part = PARTS[name]
    machine = base.copy(base.folder.with_name(name))
    try:
        with log.open("wb") as lines:
            (machine.folder / "overture.bundle").write_bytes(bundle.read_bytes())
            if part.installed:
                machine.install(part.installed, log=lines)
            began = monotonic()
            code = _try(part, machine, lines)
            seconds = monotonic() - began
    finally:
        machine.remove()
    outcome = outcome_of(log.read_text(encoding="utf-8", errors="replace"), code)
    return Result(name, part.user, part.does, seconds, code == 0, outcome)


def outcome_of(lines: str, code: int) -> str:
    """The totals of pytest if there are any, otherwise the last line; and a code that is not 0."""
    written = [line.strip() for line in lines.splitlines() if line.strip()]
    said = "; ".join(TOTAL.findall(lines)) or (written[-1] if written else "nothing was printed")
    if code in (124, 137):
        return f"not done in time: {said}"
    return said if code == 0 else f"exit code {code}: {said}"


def bundle_of_head(folder: Path) -> Path:
    """The commits of this repository up to HEAD, as one file that can be cloned."""
    bundle = folder / "overture.bundle"
    git = ["git", "-c", "safe.directory=*", "-C", str(processes.ROOT)]
    subprocess.run([*git, "bundle", "create", "-q", str(bundle), "HEAD"], check=True)
    return bundle


def free_ports(count: int) -> list[int]:
    """Ports of loopback on which nobody listens."""
    ports = random.sample(PORTS, 50)
    return [port for port in ports if processes.free(port)][:count]


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
