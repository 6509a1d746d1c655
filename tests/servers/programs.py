"""Where the servers' programs are, how they get here if they may, and ports that nobody uses."""

import fcntl
import os
import random
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PORTS = range(20000, 30000)  # below 32768: the kernel gives those above to whoever asks
POLICY = Path("/usr/sbin/policy-rc.d")  # says whether packages may start services
FORBID = b"#!/bin/sh\n# Overture's tests install a server without starting it.\nexit 101\n"


class Missing(Exception):
    """A server is not installed here; the message says in one sentence what to do."""


def find(name: str, pattern: str, *, package: str) -> Path:
    """The newest path that matches `pattern`; installs the Debian package if we are root there.

    One at a time: who comes second waits until the first has installed it. Raises Missing.
    """
    with _alone():
        found = _matching(pattern)
        if not found and os.geteuid() == 0 and shutil.which("apt-get"):
            _install(package)
            found = _matching(pattern)
    if not found:
        raise Missing(f"{name} is not installed here: run “apt-get install {package}” as root.")
    return found[-1]


def free_ports(count: int) -> list[int]:
    """So many different ports on which nobody listens."""
    sockets: list[socket.socket] = []
    while len(sockets) < count:
        one = socket.socket()
        try:
            one.bind(("127.0.0.1", random.choice(PORTS)))
            sockets.append(one)
        except OSError:
            one.close()
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@contextmanager
def _alone() -> Iterator[None]:
    """Among all processes of this user."""
    place = Path(tempfile.gettempdir()) / f"overture-install-{os.geteuid()}.lock"
    with place.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _matching(pattern: str) -> list[Path]:
    return sorted(Path("/").glob(pattern.lstrip("/")), key=_numbers)


def _numbers(path: Path) -> list[int]:
    return [int(part) for part in path.parts if part.isdigit()]


def _install(package: str) -> None:
    """Install without starting: the package would start a server of its own on the usual port."""
    get = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "check": False}
    with _services_forbidden():
        for words in (["update"], ["install", "-y", "--no-install-recommends", package]):
            subprocess.run([*get, *words], stdout=subprocess.DEVNULL, **quiet)  # type: ignore[call-overload]


@contextmanager
def _services_forbidden() -> Iterator[None]:
    """The machine's own policy is moved aside, so that it comes back as it was.

    A run that was killed leaves both files; the next installation sets that right.
    """
    aside = POLICY.with_name("policy-rc.d.overture")
    if POLICY.is_symlink() or (POLICY.exists() and POLICY.read_bytes() != FORBID):
        POLICY.rename(aside)
    POLICY.write_bytes(FORBID)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        if os.path.lexists(aside):
            aside.replace(POLICY)
        else:
            POLICY.unlink()
