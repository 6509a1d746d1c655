"""The files of an installation are closed to the other users of its machine."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.secrets_file import load_or_create
from tests.apps import close
from tests.factories import a_key, send
from tests.trouble.lost_data.running import Intake, new_installation, opened, started
from tests.trouble.lost_data.small_disk import until


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """Most systems let everybody read what a process makes."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """What others could read or enter below this folder, and the folder itself."""
    return [
        f"{path.relative_to(folder.parent)} {stat.S_IMODE(path.stat().st_mode):04o}"
        for path in [folder, *folder.rglob("*")]
        if path.stat().st_mode & 0o077 and not path.is_socket()
    ]


@pytest.mark.slow
def test_whatever_a_new_installation_makes_is_for_its_user_alone(
    migrated_files: Path, tmp_path: Path
):
    data = tmp_path / "srv" / "var"
    load_or_create(data, emails=["ada@example.edu"])
    made = new_installation(migrated_files, tmp_path / "made")
    for file in made.glob("*.db"):
        (data / file.name).write_bytes(file.read_bytes())  # as `cp` restores a backup
    with started(Intake(data, data / "log")) as service:
        assert service.send(a_key())[0].status == 201
        until(lambda: (data / "broker.db-wal").exists() and (data / "intake.db-wal").exists())
        assert (data / "run" / "intake.lock").exists()
        untouched = {"review.db", "notify.db"}  # no process of theirs runs
        left = open_to_others(tmp_path / "srv")
        assert [line for line in left if line.split()[0].rpartition("/")[2] not in untouched] == []


def test_a_new_database_and_its_folder_are_closed(tmp_path: Path):
    app = opened(tmp_path / "new" / "var")
    assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
    assert app.test_cli_runner().invoke(args=["topology", "apply"]).exit_code == 0
    assert {file.name for file in (tmp_path / "new" / "var").iterdir()} >= {"intake.db"}
    assert open_to_others(tmp_path / "new") == []
    close(app)


def test_a_database_of_an_older_release_is_closed_when_it_is_used(
    migrated_files: Path, tmp_path: Path
):
    data = new_installation(migrated_files, tmp_path / "data")
    app = opened(data)
    assert send(app.test_client()).status_code == 201
    close(app)
    for file in data.iterdir():
        file.chmod(0o755 if file.is_dir() else 0o644)
    app = opened(data)
    assert send(app.test_client()).status_code == 201
    assert stat.S_IMODE((data / "intake.db").stat().st_mode) == 0o600
    close(app)
