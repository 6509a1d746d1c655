"""Who holds a message: a connection that is alive, and alive means that it holds its file lock.

The kernel frees a `flock` in the moment its process ends, however it ends. So no lease has a time,
no clock can be wrong, and what a killed consumer held is free at once. (A forked child shares the
lock of its parent and would keep it alive; workers are started by exec and fork nothing.)
"""

import fcntl
import os
from io import FileIO
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4


class Owner(NamedTuple):
    """One connection's lock; `name` is written beside every message it holds."""

    name: str
    path: Path
    lock: FileIO


def register(folder: Path) -> Owner:
    """Take a lock under a new name; it holds until `leave` or the end of the process."""
    while True:
        name = uuid4().hex
        lock = FileIO(folder / name, "w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.fstat(lock.fileno()).st_nlink:  # else `tidy` took the file before we had the lock
            return Owner(name, folder / name, lock)
        lock.close()


def leave(owner: Owner) -> None:
    """Give the lock up and remove its file."""
    owner.path.unlink(missing_ok=True)
    owner.lock.close()


def is_alive(folder: Path, name: str) -> bool:
    """Whether somebody holds the lock of this name; a name without a file is dead."""
    try:
        with FileIO(folder / name) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def tidy(folder: Path) -> None:
    """Remove the files that the dead left behind."""
    for path in folder.iterdir():
        if not is_alive(folder, path.name):
            _remove(path)


def _remove(path: Path) -> None:
    try:
        with FileIO(path) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()  # while we hold the lock: whoever waits for it sees the missing link
    except (FileNotFoundError, BlockingIOError):
        return
