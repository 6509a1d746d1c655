"""A disk without a free byte, under the log and under the data, with real processes.

Nothing acknowledged is lost, nothing is written by halves, and both say what is wrong.
"""

import json
import shutil
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.intake.models import Draft, Proposal
from shared.tables import OutboxRow
from tests.alike.sources import ROOT
from tests.apps import close
from tests.factories import a_key, count
from tests.servers.programs import free_ports
from tests.trouble.lost_data.running import WEB, WORKER, Intake, new_installation, opened, started
from tests.trouble.lost_data.small_disk import SmallDisk, small_disk, until

pytestmark = pytest.mark.slow


@pytest.fixture
def data(migrated_files: Path, tmp_path: Path) -> Path:
    return new_installation(migrated_files, tmp_path / "data")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=48) as mounted:
        yield mounted


def test_a_full_log_loses_lines_that_are_counted_and_nothing_else(data: Path, disk: SmallDisk):
    with started(Intake(data, disk.files / "log")) as service:
        _fill_the_log(service, data, disk)


def _fill_the_log(service: Intake, data: Path, disk: SmallDisk) -> None:
    disk.fill()
    statuses = [service.ask("GET", "/")[0].status for _ in range(50)]
    sent = [service.send(a_key())[0].status for _ in range(3)]
    assert (set(statuses), sent) == ({200}, [201] * 3)
    with_app = opened(data)
    until(lambda: not count(with_app, OutboxRow, OutboxRow.published_at.is_(None)))
    close(with_app)
    status, parts = service.ready()
    assert status == 200
    assert parts["log"]["state"] == "waits"
    assert "lines of the log were lost" in parts["log"]["detail"]
    until(lambda: "process" in service.ready()[1]["log"]["detail"])  # the worker lost lines too
    assert service.ended() == []

    disk.free()
    assert service.ask("GET", "/")[0].status == 200
    lines = [line for file in service.logs for line in file.read_text().splitlines()]
    written = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
    lost = [line["lines"] for line in written if line["event"] == "lines of the log were lost"]
    assert lost and max(lost) > 20
    until(lambda: service.ready()[1]["log"]["state"] == "ok")


def test_the_development_mailbox_on_a_full_disk_asks_for_the_mail_again(disk: SmallDisk):
    smtp, http = free_ports(2)
    ports = ["--smtp", str(smtp), "--http", str(http)]
    command = [sys.executable, "-m", "infra.mailbox", "--file", str(disk.folder / "mailbox.db")]
    mailbox = subprocess.Popen(
        [*disk.enter, *command, *ports], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with mailbox:
        try:
            assert "is shown at" in mailbox.stdout.readline()
            disk.fill()
            with pytest.raises(smtplib.SMTPDataError) as refused:
                _mail(smtp)
            assert refused.value.smtp_code == 452
            disk.free()
            _mail(smtp)
        finally:
            mailbox.terminate()


def _mail(port: int) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as link:
        body = "Subject: Hello\r\n\r\n" + "Hello\r\n" * 2000
        link.sendmail("a@x.example", ["dolores@x.example"], body)


def test_a_full_disk_stores_nothing_says_so_and_goes_on_when_there_is_room(
    data: Path, disk: SmallDisk, tmp_path: Path
):
    shutil.copytree(data, disk.files, dirs_exist_ok=True)
    inside = Intake(disk.folder, disk.files / "log", before={WEB: disk.enter, WORKER: disk.enter})
    with started(inside) as service:
        _fill_the_disk(service, disk)
    shutil.copytree(disk.files, tmp_path / "left")
    left = opened(tmp_path / "left")
    assert count(left, Proposal) == 2
    assert count(left, Draft) == 1
    close(left)


def _fill_the_disk(service: Intake, disk: SmallDisk) -> None:
    assert service.send(a_key())[0].status == 201
    press = service.begin()
    disk.fill()
    key = a_key()
    answer, body = service.send(key)
    assert (answer.status, json.loads(body)["code"]) == (503, "try_again")
    assert int(answer.headers["Retry-After"]) > 0
    status, parts = service.ready()
    assert (status, parts["disk"]["state"]) == (503, "broken")
    assert service.ask("GET", "/healthz")[0].status == 200
    page, text = press()
    assert (page.status, page.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert "Nothing was saved" in text and "<main" in text
    service.restart_worker()
    assert service.ask("GET", "/privacy")[0].status == 200
    time.sleep(5.0)  # a worker that does not wait for room ends within that time
    assert service.ended() == []

    disk.free()
    assert service.send(key)[0].status == 201
    assert press()[0].status == 303
    until(lambda: service.ready()[0] == 200)
