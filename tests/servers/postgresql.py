"""A private PostgreSQL cluster on loopback, without a socket file.

PostgreSQL refuses to run as root. For root it runs as the user `postgres` of the Debian package,
with its files in a folder under /tmp that this user can read.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.servers.programs import find, free_ports

USER = "overture"


class PostgreSQL:
    """One cluster. `url` contains {database}."""

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        self._programs = find("PostgreSQL", "/usr/lib/postgresql/*/bin", package="postgresql")
        (self._port,) = free_ports(1)
        self._as_root = os.geteuid() == 0
        self._folder = Path(tempfile.mkdtemp(prefix="overture-pg-")) if self._as_root else folder
        self._options = f"-h 127.0.0.1 -k '' -p {self._port}" + ("" if fsync else " -F")
        self.url = f"postgresql://{USER}@127.0.0.1:{self._port}/{{database}}"
        if self._as_root:
            shutil.chown(self._folder, "postgres")
        self._run(
            "initdb", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )

    def start(self) -> None:
        """Start it on its existing files and wait until it answers."""
        log = str(self._folder / "log")
        self._run("pg_ctl", "-w", "-t", "60", "-l", log, "-o", self._options, "start")

    def stop(self) -> None:
        """Stop it properly; do nothing if it is not running."""
        if self.running():
            self._run("pg_ctl", "-w", "-m", "fast", "stop")

    def kill_immediate(self) -> None:
        """Stop as in a power cut: nothing is flushed, and the next start recovers."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def running(self) -> bool:
        return (self._folder / "data" / "postmaster.pid").exists()

    @property
    def pid(self) -> int:
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Create a database as a copy of `template`; return its address."""
        with psycopg.connect(self.url.format(database="postgres"), autocommit=True) as admin:
            admin.execute(f'create database "{name}" template "{template}"')
        return self.url.format(database=name)

    def remove(self) -> None:
        """Delete the files if they are in a folder of ours."""
        if self._as_root:
            shutil.rmtree(self._folder)

    def _run(self, program: str, *words: str) -> None:
        user = ["runuser", "-u", "postgres", "--"] if self._as_root else []
        command = [*user, str(self._programs / program), "-D", str(self._folder / "data"), *words]
        subprocess.run(
            command,
            cwd=self._folder,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def postgresql(folder: Path, *, fsync: bool = True) -> Iterator[PostgreSQL]:
    """A running cluster, stopped and deleted at the end. Raises Missing.

    Without `fsync` it is faster, and a power cut may lose data, but a kill may not.
    """
    server = PostgreSQL(folder, fsync=fsync)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        server.remove()
