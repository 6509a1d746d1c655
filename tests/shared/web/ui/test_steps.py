"""Where somebody is in the form, in words."""

import pytest

from shared.web.ui.steps import Position, position

STEPS = [
    {"title": "About you", "state": "done"},
    {"title": "The need", "state": "now"},
    {"title": "Check and send"},
]


def test_the_line_counts_the_steps_and_names_the_next():
    assert position(STEPS) == Position(2, "Step 2 of 3", "Check and send")


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "about a minute left"), (5, "about 5 minutes left")]
)
def test_the_line_says_how_long_it_takes_where_that_is_known(minutes, words):
    assert position(STEPS, minutes).line == f"Step 2 of 3, {words}"


def test_after_the_last_step_comes_nothing():
    last = [*STEPS[:1], {"title": "Check and send", "state": "now"}]
    assert position(last) == Position(2, "Step 2 of 2", "")


def test_without_a_current_step_there_is_no_next_one():
    assert position(STEPS[2:]) == Position(0, "Step 0 of 1", "")
