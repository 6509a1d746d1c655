"""What a worker needs before its loops start. It waits for what is not there yet."""

import threading
from pathlib import Path

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError

from shared import db, logs, migrations
from shared.db import trouble
from shared.inbox import retries
from shared.tables import LoopRow
from shared.worker import leases, single_instance

log = logs.logger(__name__)

LOOK_EVERY = 0.5  # seconds


def wait(stop: threading.Event) -> bool:
    """Wait for the lock of the service and for its database; False if stopped first."""
    folder = Path(current_app.config["RUN_DIR"])
    if db.embedded() and not single_instance.hold_lock(folder, stop):
        return False
    reason = None
    while not stop.is_set():
        trouble = _begin()
        if trouble is None:
            return True
        if trouble != reason:
            log.warning("the worker waits", reason=trouble)
            reason = trouble
        stop.wait(LOOK_EVERY)
    return False


def _begin() -> str | None:
    """Take the place of an earlier worker; return why that is not possible yet, or None."""
    try:
        with db.begin() as session:
            there = migrations.current(session)
            if there is None or there < migrations.newest():
                return migrations.missing(session)
            session.execute(delete(LoopRow))
            leases.remove_dead(session)
            retries.retry_known(session)
    except DBAPIError as error:
        if not db.unreachable(error):
            raise
        return f"the database cannot be used: {trouble.of(error)}"
    return None
