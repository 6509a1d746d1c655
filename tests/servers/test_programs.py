"""Programs that are missing are installed once, however many tests ask for them at a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

APT_GET = """#!/bin/sh
echo "$@" >> {folder}/asked
case "$*" in *install*) touch {folder}/half; sleep 0.5; touch {folder}/program;; esac
"""
ASK = "from tests.servers.programs import find; print(find('It', '{folder}/program', package='it'))"


@pytest.mark.skipif(os.geteuid() != 0, reason="programs are installed by root alone")
def test_a_missing_program_is_installed_once_for_all_who_ask(tmp_path: Path):
    stand_in = tmp_path / "apt-get"
    stand_in.write_text(APT_GET.format(folder=tmp_path))
    stand_in.chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = [sys.executable, "-c", ASK.format(folder=tmp_path)]
    asking = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(4)]
    found = [one.communicate(timeout=60)[0].decode().strip() for one in asking]
    assert found == [str(tmp_path / "program")] * 4
    assert (tmp_path / "asked").read_text().count("install -y") == 1
    assert not Path("/usr/sbin/policy-rc.d").exists()
