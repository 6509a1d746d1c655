"""A PostgreSQL cluster of our own, on loopback, without a socket file.

It refuses to run as root. Then it runs as the user `postgres` of the Debian package, and its files
stand in a folder under /tmp that this user can reach, wherever the caller's own folder is.
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
    """One cluster. `url` has {database} in it."""

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
        """Start on the files it has and wait until it answers."""
        log = str(self._folder / "log")
        self._run("pg_ctl", "-w", "-t", "60", "-l", log, "-o", self._options, "start")

    def stop(self) -> None:
        """Stop in good order; does nothing if it does not run."""
        if self.running():
            self._run("pg_ctl", "-w", "-m", "fast", "stop")

    def kill_immediate(self) -> None:
        """Stop as after a power cut: no last write, recovery at the next start."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def running(self) -> bool:
        return (self._folder / "data" / "postmaster.pid").exists()

    @property
    def pid(self) -> int:
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Create a database, as a copy of another if one is named; returns its address."""
        with psycopg.connect(self.url.format(database="postgres"), autocommit=True) as admin:
            admin.execute(f'create database "{name}" template "{template}"')
        return self.url.format(database=name)

    def remove(self) -> None:
        """Delete the files, where they are in a folder of their own."""
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
    """A started cluster; it is stopped and its files are deleted at the end. Raises Missing.

    Without `fsync` it is faster and loses on a power cut, never on a kill.
    """
    server = PostgreSQL(folder, fsync=fsync)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        server.remove()
