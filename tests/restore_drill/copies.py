"""Copy and put back the databases of a running rig with the programs of docs/operations.md."""

import shutil
import subprocess
import time
from collections.abc import Collection
from pathlib import Path

from tests.apps import close
from tests.chaos.rig import Rig
from tests.servers.programs import find

BETWEEN = 0.3  # seconds between two copies, which are never of the same moment


def back_up(rig: Rig, folder: Path) -> None:
    """Copy every database, one after another, while people submit proposals."""
    folder.mkdir()
    for service in rig.apps:
        if rig.mode == "production":
            _run(rig, "pg_dump", "-Fc", "-f", str(folder / f"{service}.dump"), _url(rig, service))
        else:
            _copy(rig.folder / f"{service}.db", folder / f"{service}.db")
        time.sleep(BETWEEN)
    if rig.mode == "embedded":
        _copy(rig.folder / "broker.db", folder / "broker.db")


def put_back(rig: Rig, folder: Path, services: Collection[str]) -> None:
    """Put the copies of these services back; of all three, the embedded queue too."""
    for app in rig.apps.values():
        close(app)
    names = [*services]
    if rig.mode == "embedded" and len(names) == len(rig.apps):
        names.append("broker")
    for name in names:
        if rig.mode == "production":
            clean = ("--clean", "--if-exists", "--no-owner")
            dump = str(folder / f"{name}.dump")
            _run(rig, "pg_restore", *clean, "-d", _url(rig, name), dump)
        else:
            for beside in ("-wal", "-shm"):
                (rig.folder / f"{name}.db{beside}").unlink(missing_ok=True)
            shutil.copy(folder / f"{name}.db", rig.folder / f"{name}.db")


def _copy(source: Path, target: Path) -> None:
    program = find("sqlite3", "/usr/bin/sqlite3", package="sqlite3")
    subprocess.run([str(program), str(source), ".timeout 10000", f".backup {target}"], check=True)


def _url(rig: Rig, service: str) -> str:
    assert rig.database is not None
    return rig.database.url.format(database=service)


def _run(rig: Rig, program: str, *words: str) -> None:
    folder = find("PostgreSQL", "/usr/lib/postgresql/*/bin", package="postgresql")
    subprocess.run([str(folder / program), *words], check=True)
