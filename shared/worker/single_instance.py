"""In embedded mode one worker per service runs; others wait for its file lock."""

import fcntl
import os
import signal
import socket
import threading
from contextlib import suppress
from pathlib import Path

from flask import current_app
from sqlalchemy.exc import DBAPIError

from shared import db, logs
from shared.db import private
from shared.worker import leases

log = logs.logger(__name__)

LOOK_EVERY = 0.1  # seconds between two tries to get the lock
SUSPECT_EVERY = 10  # tries between two looks whether its holder was stopped

_held: list[int] = []  # keeps the lock files open, and so locked, until the process ends


def hold_lock(folder: Path, stop: threading.Event) -> bool:
    """Wait for the lock, as a standby if another worker has it; False if stopped first.

    A standby ends a holder that was stopped (SIGSTOP) and whose lease is over: its lock would never
    become free.
    """
    path = folder / f"{current_app.config['SERVICE']}.lock"
    tries, reason = 0, None
    while not stop.is_set():
        try:
            if _taken(path):
                return True
            trouble = "another worker of this service is running"
        except OSError as error:
            trouble = f"{path} cannot be opened: {error.strerror}"
        if trouble != reason:
            log.warning("the worker waits", reason=trouble)
            reason = trouble
        tries += 1
        if tries % SUSPECT_EVERY == 0:
            _end_stopped_holder(path)
        stop.wait(LOOK_EVERY)
    return False


def _taken(path: Path) -> bool:
    """Whether we have the lock now. Raises OSError for a file that cannot be made."""
    private.make_folder(path.parent)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(file)
        if isinstance(error, BlockingIOError):
            return False
        raise
    _held.append(file)
    with suppress(OSError):  # a full disk; a standby then cannot see whose lock it is
        os.truncate(file, 0)
        os.write(file, str(os.getpid()).encode())
    return True


def _end_stopped_holder(path: Path) -> None:
    with suppress(OSError, ValueError, DBAPIError):
        pid = int(path.read_text())
        if _is_stopped(pid) and _has_open(pid, path) and _lease_is_over(pid):
            log.error("a stopped worker is ended", pid=pid)
            os.kill(pid, signal.SIGKILL)


def _is_stopped(pid: int) -> bool:
    """Whether a signal has stopped this process. Only Linux tells; elsewhere it raises OSError."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def _has_open(pid: int, path: Path) -> bool:
    """Whether the process with this number is the holder, and no later one."""
    return any(file.exists() and file.samefile(path) for file in Path(f"/proc/{pid}/fd").iterdir())


def _lease_is_over(pid: int) -> bool:
    with db.read() as session:
        known = leases.standings(session)
    return any(
        one.is_over and (one.pid, one.host) == (pid, socket.gethostname()[:100]) for one in known
    )
