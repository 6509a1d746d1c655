"""`make bare` reads the sources of apt and pip from its machine, and reports each outcome."""

import os
import re
from pathlib import Path

import pytest

from infra.tools.bare import __main__ as bare
from infra.tools.bare import machine, parts
from tests.alike.sources import ROOT, modules

APT_GET = """#!/bin/sh
cat <<'LINES'
{lines}
LINES
"""
PAGE = f"# Measured\n\nBefore.\n\n{bare.BEGIN}{bare.END}\n\nAfter.\n"


@pytest.fixture
def apt_get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A stand-in for apt-get that lists these sources."""

    def lists(*lines: str) -> None:
        file = tmp_path / "apt-get"
        file.write_text(APT_GET.format(lines="\n".join(lines)))
        file.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    return lists


def test_the_servers_installed_before_are_those_that_the_tests_would_install():
    sources = [file.read_text(encoding="utf-8") for file in modules("tests")]
    asked = {name for text in sources for name in re.findall(r'package="([a-z0-9-]{3,})"', text)}
    assert set(parts.SERVERS) == asked


def test_a_newer_debian_gives_its_mirror_for_the_same_suites_of_debian_12(apt_get):
    apt_get(
        "Debian|trixie|http://mirror.example/debian/|main",
        "Debian|trixie|http://mirror.example/debian/|non-free",
        "Debian|trixie-security|http://mirror.example/security/|main",
        "Others|stable|http://others.example/|main",
    )
    assert machine.debian_sources() == {
        "bookworm": "http://mirror.example/debian/",
        "bookworm-security": "http://mirror.example/security/",
    }


def test_a_machine_whose_apt_has_no_debian_gets_a_clear_error(apt_get):
    apt_get("Ubuntu|noble|http://mirror.example/ubuntu/|main")
    with pytest.raises(machine.Unable, match="no source of Debian"):
        machine.debian_sources()


def test_folders_that_pip_installs_from_are_shared_and_addresses_are_not():
    configuration = """
        cert = /etc/ssl/certs/ca-certificates.crt
        find-links = /srv/wheels
        index-url = https://someone@registry.example/pypi/simple
        extra-index-url = file:///opt/index/simple file:///opt/more/simple
    """
    shared = [Path("/opt/index"), Path("/opt/more"), Path("/srv/wheels")]
    assert machine.folders_in(configuration) == shared


@pytest.mark.parametrize(
    ("lines", "code", "outcome"),
    [
        ("x\n== 9 passed, 1 skipped in 1.20s ==\n= 2 passed in 61.00s (0:01:01) =\n", 0,
         "9 passed, 1 skipped; 2 passed"),
        ("=== 1 failed, 8 passed in 1.20s ===\nmake: *** Error 1\n", 2,
         "exit code 2: 1 failed, 8 passed"),
        ("Installing …\nready after 9 s\n\n", 0, "ready after 9 s"),
        ("Installing …\n", 124, "not done in time: Installing …"),
        ("", 1, "exit code 1: nothing was printed"),
    ],
)  # fmt: skip
def test_the_outcome_of_a_part_is_one_line(lines: str, code: int, outcome: str):
    assert parts.outcome_of(lines, code) == outcome


def test_a_part_that_is_tried_again_replaces_its_row_alone(tmp_path: Path):
    page = tmp_path / "measured.md"
    page.write_text(PAGE)
    first = [result("test-root", "1 failed", passed=False), result("demo-root", "ready")]
    bare.record(page, bare.rows_of(first))
    bare.record(page, bare.rows_of([result("test-root", "9 passed")]))

    text = page.read_text()
    assert text.startswith("# Measured\n\nBefore.\n") and text.endswith("\n\nAfter.\n")
    rows = [line for line in text.splitlines() if line.startswith(("| demo", "| test"))]
    assert [row.split(" | ")[0] for row in rows] == ["| demo-root", "| test-root"]
    assert "passed: 9 passed" in rows[1] and "FAILED" not in text


def test_the_page_of_figures_has_its_place_for_the_table():
    text = (ROOT / "docs/measured.md").read_text(encoding="utf-8")
    assert text.count(bare.BEGIN) == text.count(bare.END) == 1


def result(name: str, outcome: str, *, passed: bool = True) -> parts.Result:
    return parts.Result(name, "root", "make it", 12.3, passed, outcome)
