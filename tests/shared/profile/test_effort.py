"""The core of the form fits into the minutes and page loads that we allow it."""

import subprocess
import sys

import pytest

from tests import effort
from tests.factories import samples
from tests.shared.forms import EXAMPLE


@pytest.mark.parametrize("name", samples())
def test_the_core_of_the_form_is_short(name: str) -> None:
    one = effort.of(EXAMPLE, name)
    assert one.minutes <= effort.MOST_MINUTES[one.branch]
    assert one.loads <= effort.MOST_LOADS
    assert one.minutes > 3 and one.visit > one.minutes and one.composed > 20 and one.choices > 5


def test_the_script_prints_a_line_for_each_sample() -> None:
    ran = subprocess.run([sys.executable, "-m", "tests.effort"], capture_output=True, text=True)
    head, *lines = ran.stdout.splitlines()
    assert [line.split()[0] for line in lines] == samples(), ran.stderr
    assert head.split()[-2:] == ["minutes", "visit"]
