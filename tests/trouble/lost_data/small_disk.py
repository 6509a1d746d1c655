"""A small disk of its own for a test: a tmpfs in a mount namespace, which nobody else sees."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.alike.sources import ROOT

READY = "mounted"


class SmallDisk(NamedTuple):
    """`folder` is its path for a process started with `enter`; `files` is our way to it."""

    folder: Path
    files: Path
    enter: list[str]

    def fill(self) -> None:
        """Leave no byte free."""
        with (self.files / "ballast").open("wb", buffering=0) as file:
            for size in (65536, 4096, 1):
                while _written(file, size):
                    pass

    def free(self) -> None:
        """Make room again."""
        (self.files / "ballast").unlink()


def _written(file: FileIO, size: int) -> bool:
    try:
        return file.write(b"\0" * size) == size
    except OSError:
        return False


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[SmallDisk]:
    """Mount it on this folder; skip the test where the system does not allow it."""
    if not shutil.which("unshare") or not shutil.which("nsenter"):
        pytest.skip("no unshare or nsenter: a small disk needs a mount namespace of its own")
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    folder.mkdir()
    mount = f'mount -t tmpfs -o size={megabytes}m tmpfs "$0" && echo {READY} && exec sleep 600'
    holder = subprocess.Popen(
        ["unshare", *user, "--mount", "--", "sh", "-c", mount, folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        if holder.stdout.readline().strip() != READY:
            pytest.skip(f"this system lets us mount nothing: {holder.stderr.read().strip()}")
        enter = ["nsenter", "--target", str(holder.pid), "--mount", f"--wd={ROOT}"]
        if user:
            enter += ["--user", "--preserve-credentials"]
        yield SmallDisk(folder, Path(f"/proc/{holder.pid}/root{folder}"), [*enter, "--"])
    finally:
        holder.kill()
        holder.communicate()


def until(condition, *, within: float = 60.0) -> None:
    """Wait until it holds; `within` is a bound, not a measurement."""
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end, "the condition did not come true"
        time.sleep(0.1)
