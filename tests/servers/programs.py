"""Find or install the programs of the servers, and find free ports."""

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

PORTS = range(20000, 30000)  # below 32768, where the kernel starts to assign ports itself
POLICY = Path("/usr/sbin/policy-rc.d")  # decides whether packages may start services
FORBID = b"#!/bin/sh\n# Overture's tests install a server without starting it.\nexit 101\n"


class Missing(Exception):
    """A server is not installed; the message says what to do."""


def find(name: str, pattern: str, *, package: str) -> Path:
    """The newest path that matches `pattern`; root installs the Debian package if there is none.

    A lock lets one process install at a time. Raises Missing.
    """
    with _install_lock():
        paths = _matching(pattern)
        if not paths and os.geteuid() == 0 and shutil.which("apt-get"):
            _install(package)
            paths = _matching(pattern)
    if not paths:
        raise Missing(f"{name} is not installed: run “apt-get install {package}” as root.")
    return paths[-1]


def free_ports(count: int) -> list[int]:
    """`count` different free ports."""
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
def _install_lock() -> Iterator[None]:
    """A lock shared by all processes of this user."""
    path = Path(tempfile.gettempdir()) / f"overture-install-{os.geteuid()}.lock"
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _matching(pattern: str) -> list[Path]:
    return sorted(Path("/").glob(pattern.lstrip("/")), key=_numbers)


def _numbers(path: Path) -> list[int]:
    return [int(part) for part in path.parts if part.isdigit()]


def _install(package: str) -> None:
    """Install without starting: the package would start its own server on the standard port."""
    get = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "check": False}
    with _services_forbidden():
        for words in (["update"], ["install", "-y", "--no-install-recommends", package]):
            subprocess.run([*get, *words], stdout=subprocess.DEVNULL, **quiet)  # type: ignore[call-overload]


@contextmanager
def _services_forbidden() -> Iterator[None]:
    """Forbid packages to start services; restore the machine's own policy afterwards.

    A killed run leaves both files behind; the next installation repairs that.
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
