"""One worker a service at a time in embedded mode: the others wait for its file lock."""

import fcntl
import threading
from pathlib import Path
from typing import Any

from flask import current_app

from shared import logs

log = logs.logger(__name__)

_held: list[Any] = []  # lock files stay open, and locked, for the life of the process


def hold_lock(folder: Path, stop: threading.Event) -> bool:
    """Hold the lock of the one embedded worker; wait for it, so that a second is a standby."""
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / f"{current_app.config['SERVICE']}.lock").open("w")
    said = False
    while not stop.is_set():
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if not said:
                log.warning("another worker of this service runs here; waiting for it to end")
                said = True
            stop.wait(0.1)
            continue
        _held.append(file)
        return True
    return False
