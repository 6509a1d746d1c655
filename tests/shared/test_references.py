"""References are easy to read out and to type."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import references


def test_a_new_reference_cannot_spell_a_word_nor_be_misread():
    for _ in range(500):
        reference = references.new()
        assert re.fullmatch(r"[A-Z2-9]{2}[2-9][A-Z2-9]{2}[2-9][A-Z2-9]{2}", reference)
        assert not set(reference) & set("IOQZ01")


def test_new_references_do_not_repeat():
    assert len({references.new() for _ in range(500)}) == 500


@pytest.mark.parametrize(
    "text",
    [
        "HK4TW7RB",
        "HK4T-W7RB",
        "hk4t-w7rb",
        " HK4T W7RB ",
        "H K 4 T W 7 R B",
        "HK4T–W7RB",
        "HK4T\u00a0W7RB",
        "HK4T W7RB.",
        "(HK4T-W7RB)",
        "“HK4T-W7RB”,",
        "«HK4T-W7RB»",
        "#HK4T-W7RB:",
        "[hk4t-w7rb]!",
        "\u2068HK4T-W7RB\u2069",
    ],
)
def test_a_reference_is_understood_however_it_is_typed(text: str):
    assert references.parse(text) == "HK4TW7RB"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HK4TW7R",
        "HK4TW7RBB",
        "HKATW7RB",
        "HK4TW7R0",
        "1 OR 1=1",
        "../1",
        "HK4T'W7RB",
        "HK4T.W7RB",
        "...",
        "/HK4TW7RB/",
        "A" * 9000,
    ],
)
def test_what_can_be_no_reference_is_none(text: str):
    assert references.parse(text) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader_and_what_it_takes_has_the_form(text: str):
    found = references.parse(text)
    assert found is None or references.parse(references.display(found)) == found
