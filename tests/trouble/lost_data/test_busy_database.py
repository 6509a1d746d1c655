"""Another program writes to the SQLite file for many seconds: health answers, pages say so soon."""

import importlib.util
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from services.intake.models import Proposal
from shared.db import turns
from tests.alike.sources import ROOT
from tests.apps import close
from tests.factories import a_key, count
from tests.trouble.lost_data.running import Intake, new_installation, opened, started
from tests.trouble.lost_data.small_disk import until

PEOPLE = 24
ABOUT_TWO_SECONDS = 4.0  # a bound for a busy machine; ten seconds and more before
SOON = 1.0  # far below the two seconds for which a transaction waits
HELD_FOR = 6.0


@contextmanager
def foreign_writer(file: Path) -> Iterator[None]:
    """Hold the write lock of the file, as a backup or a curious person may."""
    link = sqlite3.connect(file, isolation_level=None)
    link.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        link.execute("ROLLBACK")
        link.close()


def timed(ask) -> tuple[int, float]:
    began = time.monotonic()
    return ask()[0].status, time.monotonic() - began


@pytest.mark.slow
def test_health_never_waits_and_everybody_else_is_answered_in_about_two_seconds(
    migrated_files: Path, tmp_path: Path
):
    data = new_installation(migrated_files, tmp_path / "data")
    keys = [a_key() for _ in range(PEOPLE)]
    with started(Intake(data, tmp_path / "log")) as service, ThreadPoolExecutor(PEOPLE) as pool:
        with foreign_writer(data / "intake.db"):
            end = time.monotonic() + HELD_FOR
            sent = [pool.submit(timed, lambda key=key: service.send(key)) for key in keys]
            time.sleep(0.2)
            health = []
            while time.monotonic() < end:
                for path in ("/healthz", "/readyz", "/privacy"):
                    health.append(timed(lambda path=path: service.ask("GET", path)))
                time.sleep(0.1)
            refused = [one.result() for one in sent]
        assert {status for status, _ in refused} == {503}
        assert max(seconds for _, seconds in refused) < ABOUT_TWO_SECONDS
        assert {status for status, _ in health} == {200}
        assert max(seconds for _, seconds in health) < SOON
        assert service.ended() == []

        again = [pool.submit(service.send, key) for key in keys]
        assert {one.result()[0].status for one in again} <= {201, 503}
        for key in keys:
            until(lambda key=key: service.send(key)[0].status in (200, 201))
    app = opened(data)
    assert count(app, Proposal) == PEOPLE
    close(app)


def test_a_web_process_has_more_threads_than_may_wait(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OVERTURE_DATABASE_URL", raising=False)  # read by the file
    spec = importlib.util.spec_from_file_location("settings", ROOT / "infra/gunicorn.conf.py")
    settings = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(settings)
    assert settings.embedded
    assert settings.threads >= turns.MOST + 2
