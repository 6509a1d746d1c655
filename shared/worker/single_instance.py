"""In embedded mode one worker per service runs; others wait for its file lock."""

import fcntl
import threading
from pathlib import Path
from typing import Any

from flask import current_app

from shared import logs

log = logs.logger(__name__)

_held: list[Any] = []  # keeps the lock files open, and so locked, until the process ends


def hold_lock(folder: Path, stop: threading.Event) -> bool:
    """Wait for the lock, as a standby if another worker has it; False if stopped first."""
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / f"{current_app.config['SERVICE']}.lock").open("w")
    logged = False
    while not stop.is_set():
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if not logged:
                log.warning("another worker of this service is running; waiting for it to end")
                logged = True
            stop.wait(0.1)
            continue
        _held.append(file)
        return True
    return False
