"""Stored texts know placeholders and nothing else, whatever a text or value contains."""

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from shared.profile.text import (
    MAX_BYTES,
    MAX_DEPTH,
    BadTemplate,
    MissingVariable,
    check,
    render,
    render_line,
)
from tests.shared.forms import UNHURRIED

ALLOWED = {"name", "note"}


def refused(template: str) -> BadTemplate:
    with pytest.raises(BadTemplate) as error:
        check(template, ALLOWED)
    return error.value


def test_names_are_replaced_by_their_values() -> None:
    text = "Dear {{name}},\n{{ note }}{{name}}"
    check(text, ALLOWED)
    assert render(text, {"name": "Ana", "note": "Hi "}) == "Dear Ana,\nHi Ana"


def test_a_part_stays_only_where_its_value_is_not_empty() -> None:
    text = "a{{#if name}} of {{name}}{{#if note}} ({{note}}){{/if}}{{/if}}."
    assert render(text, {"name": "X", "note": "y"}) == "a of X (y)."
    assert render(text, {"name": "X", "note": ""}) == "a of X."
    assert render(text, {"name": "", "note": "y"}) == "a."


def test_a_value_is_never_read_for_placeholders() -> None:
    value = "{{note}} {{#if x}} {% raw %} {{ ''.__class__ }}"
    assert render("<{{name}}>", {"name": value, "note": "secret"}) == f"<{value}>"


def test_a_missing_value_is_a_mistake_even_where_it_would_not_show() -> None:
    with pytest.raises(MissingVariable, match="note"):
        render("{{#if name}}{{note}}{{/if}}", {"name": ""})


@pytest.mark.parametrize(
    ("template", "position"),
    [
        ("Hi {{ ''.__class__.__mro__ }}", 3),
        ("{{ config.SECRET_KEY }}", 0),
        ("{{name|attr('x')}}", 0),
        ("{{name.x}}", 0),
        ("{{Name}}", 0),
        ("{{}}", 0),
        ("ok {{reviewer_notes}}", 3),
        ("{{#if reviewer_notes}}x{{/if}}", 0),
        ("{{#each name}}x{{/each}}", 0),
        ("{{#if}}x{{/if}}", 0),
        ("{{else}}", 0),
        ("{% for x in y %}", 0),
        ("a {{name", 2),
        ("a name}}", 6),
        ("{{{name}}}", 0),
        ("{{#if name}}x", 0),
        ("x{{/if}}", 1),
        ("a\0", 1),
        ("a\r\n", 1),
    ],
)
def test_anything_else_is_refused_with_its_position(template: str, position: int) -> None:
    assert refused(template).position == position
    with pytest.raises((BadTemplate, MissingVariable)):
        render(template, {"name": "x", "note": "y"})


def test_nesting_and_size_are_bounded() -> None:
    def nested(depth: int) -> str:
        return "{{#if name}}" * depth + "{{/if}}" * depth

    check(nested(MAX_DEPTH), ALLOWED)
    assert "nested #if" in refused(nested(MAX_DEPTH + 1)).reason
    assert "nested #if" in refused(nested(1000)).reason
    check("x" * MAX_BYTES, ALLOWED)
    for large in ("x" * (MAX_BYTES + 1), "é" * (MAX_BYTES // 2 + 1), "{{" * 500_000):
        assert "64 KiB" in refused(large).reason


def test_a_subject_stays_one_line() -> None:
    assert render_line("Re: {{name}}", {"name": "HK4T-W7RB"}) == "Re: HK4T-W7RB"
    for value in ("a\nBcc: x@y.org", "a\r\nBcc: x", "a\u2028b", "a\0", "a\tb"):
        with pytest.raises(BadTemplate):
            render_line("Re: {{name}}", {"name": value})


@UNHURRIED
@any_of(st.text(alphabet="{}#/% ifname\n|.x", max_size=80))
def test_any_text_is_refused_or_rendered_without_marks_of_its_own(text: str) -> None:
    try:
        check(text, ALLOWED)
    except BadTemplate as bad:
        assert 0 <= bad.position <= len(text)
        return
    assert "{{" not in render(text, {"name": "", "note": ""})
