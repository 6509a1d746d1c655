"""Processes whose clocks differ: nothing waits for a time of day, and the difference is said."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from services.intake.models import Proposal
from shared.tables import OutboxRow
from tests.apps import close, make, on_postgresql
from tests.factories import a_key, count, rows
from tests.trouble.lost_data.running import WEB, Intake, new_installation, opened, started
from tests.trouble.lost_data.small_disk import until

pytestmark = pytest.mark.slow

AT_ONCE = 15.0  # seconds: a bound for a busy machine, far below the two hours of the difference


TWO_HOURS_AHEAD = [sys.executable, "-m", "tests.trouble.lost_data.wrong_clock", "7200"]
"""The words before a command whose process is then two hours ahead."""


def published(count_waiting: Callable[[], int]) -> None:
    until(lambda: count_waiting() == 0, within=AT_ONCE)


def test_a_web_process_two_hours_ahead_of_its_worker_delays_no_event_and_is_named(
    migrated_files: Path, tmp_path: Path
):
    data = new_installation(migrated_files, tmp_path / "data")
    with started(Intake(data, tmp_path / "log", before={WEB: TWO_HOURS_AHEAD})) as service:
        assert service.send(a_key())[0].status == 201
        app = opened(data)
        published(lambda: count(app, OutboxRow, OutboxRow.published_at.is_(None)))
        assert count(app, Proposal) == 1
        close(app)
        _the_difference_is_said(service.ready())


@on_postgresql
def test_on_a_server_all_processes_go_by_its_clock(database: str, tmp_path: Path):
    app = make("intake", DATABASE_URL=database, BROKER_URL=f"sqlite:///{tmp_path}/broker.db")
    assert app.test_cli_runner().invoke(args=["topology", "apply"]).exit_code == 0
    service = Intake(
        tmp_path, tmp_path / "log", before={WEB: TWO_HOURS_AHEAD}, OVERTURE_DATABASE_URL=database
    )
    with started(service):
        assert service.send(a_key())[0].status == 201
        published(lambda: count(app, OutboxRow, OutboxRow.published_at.is_(None)))
        (row,) = rows(app, Proposal)
        with psycopg.connect(database.format(service="intake")) as link:
            (there,) = link.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
        assert abs(row.submitted_at.timestamp() - float(there)) < 60
        _the_difference_is_said(service.ready())
    close(app)


def _the_difference_is_said(answer: tuple[int, dict[str, Any]]) -> None:
    status, parts = answer
    assert (status, parts["clock"]["state"]) == (200, "waits"), json.dumps(parts)
    said = r"is (\d+) seconds behind that of this web process"
    (seconds,) = re.findall(said, parts["clock"]["detail"])
    assert 7190 < int(seconds) < 7210
    assert parts["relay"]["state"] == "ok"
    assert "worker" not in parts
