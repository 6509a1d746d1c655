"""Profiles for tests that break a rule."""

import shutil
from pathlib import Path

import pytest

from shared.profile import BrokenProfile, read
from tests.shared.forms import FOLDER


def faults_of(tmp_path: Path, file: str, old: str, new: str) -> list[str]:
    """The faults of a copy of the example in which `old` is `new`, as they are told."""
    copy = tmp_path / "copy"
    shutil.copytree(FOLDER, copy)
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BrokenProfile) as refused:
        read(copy)
    error = refused.value
    assert (error.file, error.key, error.reason) == error.faults[0]
    return [str(fault) for fault in error.faults]
