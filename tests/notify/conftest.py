"""The fixture of the tests of notify."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.apps import close
from tests.notify.mailing import notify
from tests.smtp_sink import Server


@pytest.fixture
def make(database: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Make a notify that speaks to this sink; several of them share one database."""
    made: list[Flask] = []

    def make_one(server: Server, **config: str) -> Flask:
        made.append(notify(database, tmp_path, SMTP_URL=server.url, **config))
        return made[-1]

    yield make_one
    for app in made:
        close(app)
