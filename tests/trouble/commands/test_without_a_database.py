"""Commands without a database, or with one that has no room: a sentence each, and nothing made."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests import apps
from tests.alike.sources import ROOT
from tests.trouble.lost_data.running import new_installation
from tests.trouble.lost_data.small_disk import SmallDisk, small_disk

UPGRADE = "flask --app services.{} db upgrade"
NEEDS_IT = {
    "intake": ["announce", "inventory", "restored", "events parked", "profile import"],
    "review": ["staff role ada@example.edu lead", "cases refresh"],
    "notify": ["mail queue", "mail hosts", "mail doubtful", "mail suppressed"],
}
COMMANDS = [(service, command) for service, all_of in NEEDS_IT.items() for command in all_of]


def run(app: Flask, command: str) -> Result:
    return app.test_cli_runner().invoke(args=command.split())


@pytest.fixture
def nowhere(tmp_path: Path) -> dict[str, str]:
    """Settings with a typing error in the folder."""
    folder = tmp_path / "no" / "such"
    return {
        "DATABASE_URL": f"sqlite:///{folder}/{{service}}.db",
        "BROKER_URL": f"sqlite:///{folder}/broker.db",
        "RUN_DIR": f"{folder}/run",
    }


@pytest.mark.parametrize("service", apps.CREATE)
def test_check_makes_nothing_and_says_what_is_missing(
    service: str, nowhere: dict[str, str], tmp_path: Path
):
    app = apps.make(service, **nowhere)
    checked = run(app, "check")
    folder = tmp_path / "no" / "such"
    upgrade = f"Run: {UPGRADE.format(service)}"
    said = checked.output
    assert checked.exit_code == 1
    assert f"database: There is no database at {folder}/{service}.db. {upgrade}" in said
    assert f"broker: The file {folder}/broker.db is missing. Run: flask --app services." in said
    assert f"profile: It is in the database, and there is none. {upgrade}" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("service", "command"), COMMANDS)
def test_every_command_says_so_and_makes_nothing(
    service: str, command: str, nowhere: dict[str, str], tmp_path: Path
):
    ran = run(apps.make(service, **nowhere), command)
    assert isinstance(ran.exception, SystemExit) and ran.exit_code == 1, ran.exception
    assert ran.output.count("\n") == 1
    assert "There is no database at" in ran.output
    assert f"Run: {UPGRADE.format(service)}" in ran.output
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(("service", "command"), COMMANDS)
def test_a_database_without_tables_is_said_to_need_them(service: str, command: str, tmp_path: Path):
    (tmp_path / f"{service}.db").touch()
    ran = run(apps.make(service, DATABASE_URL=f"sqlite:///{tmp_path}/{{service}}.db"), command)
    assert isinstance(ran.exception, SystemExit) and ran.exit_code == 1, ran.exception
    assert ran.output.count("\n") == 1
    assert f"Run: {UPGRADE.format(service)}" in ran.output


def test_db_upgrade_makes_the_folder_and_the_database(nowhere: dict[str, str], tmp_path: Path):
    assert run(apps.make("intake", **nowhere), "db upgrade").exit_code == 0
    assert (tmp_path / "no" / "such" / "intake.db").exists()


@pytest.mark.servers
def test_a_postgresql_that_is_away_is_named_with_its_setting_and_without_its_password():
    url = "postgresql://intake:hunter2@127.0.0.1:9/intake"
    app = apps.make("intake", DATABASE_URL=url)
    for command in ("check", "inventory"):
        ran = run(app, command)
        assert isinstance(ran.exception, SystemExit) and ran.exit_code == 1, ran.exception
        assert "OVERTURE_DATABASE_URL" in ran.output and "127.0.0.1" in ran.output
        assert "hunter2" not in ran.output and "Traceback" not in ran.output


def test_a_broker_that_is_away_is_named_with_its_setting_and_address(tmp_path: Path):
    app = apps.make("intake", BROKER_URL="amqp://overture:hunter2@127.0.0.1:9/overture")
    for command in ("check", "topology check", "topology apply"):
        ran = run(app, command)
        assert ran.exit_code == 1
        assert "OVERTURE_BROKER_URL" in ran.output
        assert "amqp://127.0.0.1:9/overture" in ran.output
        assert "hunter2" not in ran.output and "Traceback" not in ran.output


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=24) as mounted:
        yield mounted


def on_disk(disk: SmallDisk, service: str, command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "OVERTURE_DATABASE_URL": f"sqlite:///{disk.folder}/{{service}}.db",
        "OVERTURE_BROKER_URL": f"sqlite:///{disk.folder}/broker.db",
    }
    flask = [sys.executable, "-m", "flask", "--app", f"services.{service}", *command.split()]
    return subprocess.run(
        [*disk.enter, *flask], env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_on_a_full_disk_commands_end_with_one_sentence(
    migrated_files: Path, disk: SmallDisk, tmp_path: Path
):
    for file in new_installation(migrated_files, tmp_path / "data").glob("*.db"):
        (disk.files / file.name).write_bytes(file.read_bytes())
    for service in ("review", "notify"):
        assert on_disk(disk, service, "check").stdout.count(" KiB are free") == 0
    disk.fill()
    for service, command in (("review", "profile import partner-first"), ("notify", "announce")):
        ran = on_disk(disk, service, command)
        assert ran.returncode == 1
        assert "Traceback" not in ran.stdout + ran.stderr
        assert ran.stderr.count("\n") == 1, ran.stderr
        assert ran.stderr.startswith("only 0 KiB are free") and "free some space" in ran.stderr
    for service in ("review", "notify"):
        checked = on_disk(disk, service, "check")
        assert checked.returncode == 1 and "Traceback" not in checked.stderr
        assert f"{service}: database: " in checked.stdout
        assert "free some space" in checked.stdout
