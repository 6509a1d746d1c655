"""A bare Debian 12 in a folder: debootstrap creates it, each command runs in it by chroot.

Mounts and processes live in namespaces that end with the command. So the host never sees a mount,
and deleting the folder cannot harm what was mounted.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

RELEASE = "bookworm"
ADDED = ("python3", "python3-venv", "make", "git")
PERSON = "somebody"
HOMES = {"root": Path("root"), PERSON: Path("home") / PERSON}
PATHS = {
    "root": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    PERSON: "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games",  # as Debian's login has it
}
POLICY = "usr/sbin/policy-rc.d"
MAKE_WITHIN = 900  # seconds

# How the host reaches its package registries: read at run time, never stored in the repository.
VARIABLE = re.compile(
    r"PIP_|UV_|SSL_CERT_|\w+_CA_BUNDLE$|(https?|ftp|all|no)_proxy$", re.IGNORECASE
)
FILES = (
    "etc/pip.conf",
    "etc/resolv.conf",
    "etc/hosts",
    "etc/apt/apt.conf",
    "etc/apt/apt.conf.d",
    "etc/apt/auth.conf",
    "etc/apt/auth.conf.d",
    "etc/apt/keyrings",
    "etc/apt/trusted.gpg",
    "etc/apt/trusted.gpg.d",
    "etc/ssl/certs/ca-certificates.crt",
    "usr/local/share/ca-certificates",
)
HOME_FILES = (".config/pip/pip.conf", ".pip/pip.conf", ".config/uv/uv.toml")

# $1 is the folder, $2 the user, $3 the shared folders, one per line; then the command. The shell is
# process 1 and adopts orphans, as an init does.
ENTER = """
set -eu
root=$1 user=$2 shared=$3
shift 3
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
printf '%s\\n' "$shared" | while read -r folder; do
    [ -n "$folder" ] || continue
    mkdir -p "$root$folder"
    mount --bind "$folder" "$root$folder"
    mount -o remount,bind,ro "$root$folder"
done
chroot "$root" runuser -u "$user" -- "$@" &
wait $!
"""


class Unable(Exception):
    """The machine cannot be created here; the message says why."""


class Machine:
    """One Debian in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def copy(self, folder: Path) -> "Machine":
        """Copy this machine."""
        subprocess.run(["cp", "-a", "--reflink=auto", self.folder, folder], check=True)
        return Machine(folder)

    def remove(self) -> None:
        """Delete the folder; retry, as killed processes may hold it for a moment."""
        for _ in range(20):
            shutil.rmtree(self.folder, ignore_errors=True)
            if not self.folder.exists():
                return
            time.sleep(0.2)

    def run(
        self,
        command: Sequence[str],
        *,
        user: str = "root",
        seconds: int = MAKE_WITHIN,
        environment: dict[str, str] | None = None,
        log: IO[bytes],
    ) -> int:
        """Run a command in the user's home; return its exit code, 124 or 137 after `seconds`."""
        variables = _variables() | (environment or {})
        own = {"HOME": f"/{HOMES[user]}", "USER": user, "PATH": PATHS[user], **variables}
        inside = ["env", "-i", f"--chdir=/{HOMES[user]}", *(f"{k}={v}" for k, v in own.items())]
        shared = "\n".join(str(folder) for folder in shared_folders())
        unshare = "unshare --mount --pid --ipc --fork --kill-child"
        with_us = ["setpriv", "--pdeathsig", "KILL"]  # each dies with its parent
        outside = [*with_us, "timeout", "-k", "10", str(seconds), *with_us, *unshare.split()]
        outside += ["sh", "-c", ENTER, "sh", str(self.folder), user, shared]
        return subprocess.run(
            [*outside, *inside, *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        ).returncode

    def install(self, packages: Sequence[str], *, log: IO[bytes]) -> None:
        """Install Debian packages without starting their services. Raises Unable."""
        policy = self.folder / POLICY
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        get = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages]
        try:
            for command in (["apt-get", "-qq", "update"], get):
                if self.run(command, environment=quiet, log=log):
                    raise Unable(f"“{' '.join(command)}” failed on the bare machine.")
        finally:
            policy.unlink()


def make(folder: Path, *, log: IO[bytes]) -> Machine:
    """A new machine with Debian's base, the few packages of ADDED, and a person. Raises Unable."""
    sources = debian_sources()
    _need_debootstrap(log)
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(ADDED)}", RELEASE]
    done = subprocess.run(
        ["timeout", str(MAKE_WITHIN), *command, str(folder), sources[RELEASE]],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        check=False,
    )
    if done.returncode:
        raise Unable("debootstrap failed.")
    machine = Machine(folder)
    (folder / "etc/apt/sources.list").write_text(
        "".join(f"deb {uri} {suite} main\n" for suite, uri in sources.items())
    )
    if machine.run(["useradd", "-m", "-s", "/bin/bash", PERSON], log=log):
        raise Unable("useradd failed on the bare machine.")
    _copy_configuration(folder)
    return machine


def debian_sources() -> dict[str, str]:
    """Suites of RELEASE and their addresses, as apt has them here. Raises Unable."""
    form = "$(ORIGIN)|$(CODENAME)|$(REPO_URI)|$(COMPONENT)"
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", form, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    rows = [line.split("|") for line in listed.splitlines()]
    sources = {}
    for origin, codename, uri, component in rows:
        if origin == "Debian" and component == "main":
            _, dash, part = codename.partition("-")
            sources[RELEASE + dash + part] = uri
    if RELEASE not in sources:
        raise Unable("apt names no source of Debian here: run “apt-get update”, or use a Debian.")
    return sources


def shared_folders() -> list[Path]:
    """Folders of this machine from which pip installs, as its configuration names them.

    Two levels of a path are shared: an index on disk points beside itself.
    """
    texts = [value for name, value in _variables().items() if name.upper().startswith("PIP_")]
    homes = [Path.home() / name for name in HOME_FILES]
    files = [Path("/etc/pip.conf"), *homes]
    texts += [file.read_text(encoding="utf-8") for file in files if file.is_file()]
    return [folder for folder in folders_in("\n".join(texts)) if folder.is_dir()]


def folders_in(configuration: str) -> list[Path]:
    """The first two levels of each path that pip's configuration names; not those of a system."""
    named = re.findall(r"(?<![\w:/.])(?:file://)?(/[^\s'\",/][^\s'\",]*)", configuration)
    parts = {Path(path).parts[:3] for path in named}
    system = {"etc", "usr", "root", "home", "tmp", "var", "proc", "sys", "dev"}
    return sorted(Path(*place) for place in parts if place[1] not in system)


def _variables() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if VARIABLE.match(name)}


def _need_debootstrap(log: IO[bytes]) -> None:
    if shutil.which("debootstrap"):
        return
    get = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", "debootstrap"]
    if subprocess.run(get, stdout=log, stderr=log, check=False).returncode:
        raise Unable("debootstrap is not installed here: run “apt-get install debootstrap”.")


def _copy_configuration(folder: Path) -> None:
    for name in FILES:
        _copy(Path("/") / name, folder / name)
    for home in HOMES.values():
        for name in HOME_FILES:
            _copy(Path.home() / name, folder / home / name)
    owner = (folder / HOMES[PERSON]).stat()
    for path in (folder / HOMES[PERSON]).rglob("*"):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copy(source, target)
