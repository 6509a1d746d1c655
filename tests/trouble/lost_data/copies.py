"""Copies of the databases of a test, as an operator makes and restores them."""

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from services.notify import delivery_status
from services.notify.models import Mail
from services.notify.models.states import MailState
from shared import db
from shared.tables import DeferredEvent
from tests.apps import close
from tests.factories import rows
from tests.fakes import carry, retry

Copies = dict[str, bytes]


def file_of(app: Flask) -> Path:
    """The SQLite file of this app."""
    return Path(str(app.extensions["database"].url.database))


def back_up(apps: Mapping[str, Flask], folder: Path) -> Path:
    """Copy every database while it is open."""
    folder.mkdir()
    for service, app in apps.items():
        source, target = sqlite3.connect(file_of(app)), sqlite3.connect(folder / f"{service}.db")
        with target:
            source.backup(target)
        source.close()
        target.close()
    return folder


def put_back(apps: Mapping[str, Flask], folder: Path, services: Iterable[str]) -> None:
    """Put the copies of these services back, and do what docs/operations.md says: announce in all
    services, with `--restored` in these.
    """
    restored = set(services)
    for service in restored:
        close(apps[service])
        file = file_of(apps[service])
        for beside in ("-wal", "-shm"):
            file.with_name(file.name + beside).unlink(missing_ok=True)
        file.write_bytes((folder / f"{service}.db").read_bytes())
    for service, app in apps.items():
        announce(app, restored=service in restored)


def announce(app: Flask, *, restored: bool = False) -> str:
    """Run `flask announce`; returns what it said."""
    command = ["announce", "--restored"] if restored else ["announce"]
    result = app.test_cli_runner().invoke(args=command, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return str(result.output)


def settle(apps: dict[str, Flask]) -> None:
    """Carry all events, and try again what came too early, until nothing moves."""
    carry(apps)
    for _ in range(3):
        for app in apps.values():
            retry(app)
        carry(apps)
    for service, app in apps.items():
        assert [(service, row.event_type, row.reason) for row in rows(app, DeferredEvent)] == []


def send_all(app: Flask) -> list[Any]:
    """What a sender would send now, marked as sent; returns the ids."""
    sent = []
    with app.app_context(), db.begin() as session:
        for mail in session.query(Mail).filter(Mail.state == MailState.QUEUED):
            assert mail.rendered
            delivery_status.change_state(session, mail, state=MailState.SENT)
            sent.append(mail.id)
    return sent


def mails(app: Flask) -> dict[Any, str]:
    """Each mail with its state."""
    return {mail.id: mail.state for mail in rows(app, Mail)}
