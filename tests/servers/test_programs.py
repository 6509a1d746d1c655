"""Missing programs are installed once, without a start; the machine's own policy is kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="programs are installed by root alone")

# It asks the policy as invoke-rc.d does before it starts a service: 101 forbids, 0 allows.
APT_GET = """#!/bin/sh
echo "$@" >> {folder}/asked
case "$*" in *install*)
    {folder}/policy-rc.d it start; echo $? >> {folder}/policy_answers
    {killed}
    touch {folder}/half; sleep 0.5; touch {folder}/program;;
esac
"""
ASK = """
from pathlib import Path
from tests.servers import programs
programs.POLICY = Path("{folder}/policy-rc.d")
print(programs.find("It", "{folder}/program", package="it"))
"""
POLICIES = {
    "none": None,
    "one that forbids": ("#!/bin/sh\nexit 101\n", 0o755),
    "one that allows": ("#!/bin/sh\n# a caf\u00e9's own rules \nexit 0", 0o710),
    "one that cannot run": ("#!/bin/sh\nexit 101\n", 0o644),
}


@pytest.fixture(params=POLICIES)
def policy(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where the machine's own policy is, or would be."""
    file = tmp_path / "policy-rc.d"
    if POLICIES[request.param]:
        text, mode = POLICIES[request.param]
        file.write_text(text)
        file.chmod(mode)
    return file


def state(file: Path) -> tuple[object, ...] | None:
    """Bytes, mode, owner and time of change; None where there is no file."""
    if not os.path.lexists(file):
        return None
    status = file.stat()
    return file.read_bytes(), status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns


def ask(folder: Path, *, killed: str = "") -> subprocess.Popen[bytes]:
    """A process that asks for the program, with a stand-in for apt-get."""
    stand_in = folder / "apt-get"
    stand_in.write_text(APT_GET.format(folder=folder, killed=killed))
    stand_in.chmod(0o755)
    environment = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"}
    command = [sys.executable, "-c", ASK.format(folder=folder)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)


def test_a_missing_program_is_installed_once_for_all_who_ask(tmp_path: Path):
    asking = [ask(tmp_path) for _ in range(4)]
    results = [process.communicate(timeout=60)[0].decode().strip() for process in asking]
    assert results == [str(tmp_path / "program")] * 4
    assert (tmp_path / "asked").read_text().count("install -y") == 1


def test_no_service_may_start_meanwhile_and_the_policy_is_as_before(policy: Path):
    folder = policy.parent
    before = state(policy)
    ask(folder).communicate(timeout=60)
    assert (folder / "policy_answers").read_text() == "101\n"
    assert state(policy) == before
    assert [file.name for file in folder.glob("policy-rc.d*")] == ["policy-rc.d"] * bool(before)


def test_after_a_kill_the_next_installation_gives_the_policy_back(policy: Path):
    folder = policy.parent
    before = state(policy)
    killed = ask(folder, killed="kill -9 $PPID; exit 1")
    killed.communicate(timeout=60)
    assert killed.returncode == -9
    ask(folder).communicate(timeout=60)
    assert (folder / "policy_answers").read_text() == "101\n101\n"
    assert state(policy) == before
