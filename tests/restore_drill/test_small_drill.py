"""The restore drill, small: what `make restore-drill` does with every service in both modes."""

import pytest

from tests.chaos.report import Report
from tests.restore_drill.__main__ import run_mode

pytestmark = [pytest.mark.slow]


@pytest.mark.parametrize(
    "mode", ["embedded", pytest.param("production", marks=pytest.mark.servers)]
)
def test_what_a_partner_holds_comes_back_under_load(mode: str):
    output = Report("restore-drill")
    assert run_mode(mode, [["review"], ["intake", "review", "notify"]], output, seed=7) == 0
    assert any("got back: cases" in line for line in output.lines)
