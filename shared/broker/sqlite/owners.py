"""The owner of a message is a connection; it is alive while it holds its file lock.

The kernel releases a `flock` when its process ends, however it ends. So there are no leases and no
clocks, and the messages of a killed consumer are free at once. (A forked child would share the lock
of its parent and keep it alive; workers are started by exec and do not fork.)
"""

import fcntl
import os
from io import FileIO
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4


class Owner(NamedTuple):
    """The lock of one connection; `name` is stored with every message that it holds."""

    name: str
    path: Path
    lock: FileIO


def register(folder: Path) -> Owner:
    """Take a lock under a new name, held until `release` or the end of the process."""
    while True:
        name = uuid4().hex
        lock = FileIO(folder / name, "w", opener=_for_us_alone)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.fstat(lock.fileno()).st_nlink:  # else `remove_dead` deleted the file first
            return Owner(name, folder / name, lock)
        lock.close()


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def release(owner: Owner) -> None:
    """Release the lock and remove its file."""
    owner.path.unlink(missing_ok=True)
    owner.lock.close()


def is_alive(folder: Path, name: str) -> bool:
    """Whether a process holds this lock; an owner without a file is dead."""
    try:
        with FileIO(folder / name) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def remove_dead(folder: Path) -> None:
    """Remove the files of dead owners."""
    for path in folder.iterdir():
        if not is_alive(folder, path.name):
            _remove(path)


def _remove(path: Path) -> None:
    try:
        with FileIO(path) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()  # while locked, so that `register` notices it
    except (FileNotFoundError, BlockingIOError):
        return
