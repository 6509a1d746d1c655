"""The examples of docs/map.md are applied to a copy of the code and used there."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.alike.sources import ROOT

COPIED = ("infra", "profiles", "services", "shared", "tests")
RULES = ("test_layout.py", "test_mail_kinds.py", "test_states.py", "test_vocabulary.py")
Hunk = tuple[str, list[str]]  # a file and its lines, each with its sign


def hunks(text: str) -> list[Hunk]:
    """The changes in the diff blocks of a text. `---` names a file, `@@` parts two places in it."""
    result: list[Hunk] = []
    for block in re.findall(r"^```diff\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("--- "):
                result.append((line[4:], []))
            elif line == "@@":
                result.append((result[-1][0], []))
            else:
                result[-1][1].append(line)
    return result


def apply(hunk: Hunk, *, root: Path) -> None:
    """Change the one place that has the lines without "+"; a file that has none is new."""
    name, lines = hunk
    before = "".join(line[1:] + "\n" for line in lines if not line.startswith("+"))
    after = "".join(line[1:] + "\n" for line in lines if not line.startswith("-"))
    file = root / name
    if not before:
        assert not file.exists(), f"{name} is not new"
        file.write_text(after, encoding="utf-8")
        return
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{name} does not have once: {before}"
    file.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.slow
def test_the_examples_of_the_map_work_and_keep_the_rules(tmp_path: Path):
    for folder in COPIED:
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    changes = hunks((ROOT / "docs" / "map.md").read_text(encoding="utf-8"))
    assert changes
    for change in changes:
        apply(change, root=tmp_path)

    rules = [f"tests/alike/{name}" for name in RULES]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not servers",
         "tests/alike/example_of_map.py", *rules],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )  # fmt: skip

    assert ran.returncode == 0, ran.stdout + ran.stderr
