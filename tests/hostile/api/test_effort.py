"""Refusing a small request must not cost much work, a long response or an error."""

import pytest
from flask import Flask

from shared import strict_json
from tests.apps import on_sqlite
from tests.factories import a_proposal
from tests.hostile.api import posted

pytestmark = on_sqlite

LIMIT = 262_144
QUOTES = b'\\"' * 130_000

# A pattern that backtracks would need minutes for any of these.
ENDLESS = {
    "B32 a text of nothing but quotes that never ends": b'{"form":"' + QUOTES,
    "B32 the same with a lone backslash behind it": b'{"form":"' + QUOTES + b"\\",
    "B32 quotes without an object": b'"' * 260_000,
    "B32 brackets that close and open": b"[]" * 130_000,
}


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_a_body_that_is_made_to_be_searched_for_long_is_refused(
    apps: dict[str, Flask], body: bytes
):
    assert len(body) <= LIMIT
    assert posted(apps["intake"], body, status=400)["code"] == "not_json"


TEXTS = {
    "spaces": " " * 200_000,
    "line breaks": "a\n" * 80_000,
    "dots": "a." * 100_000,
    "dots behind an at sign": "a@" + "a-." * 60_000,
    "at signs": "@" * 200_000,
    "a link without an end": "https://" + "a." * 90_000,
    "digits": "9" * 200_000,
    "braces": "{{" * 100_000,
    "combining marks": "e" + "\u0301" * 100_000,
    "what grows eighteenfold when it is composed": "\ufdfa" * 60_000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_b5_a_text_that_is_made_to_be_searched_for_long_is_refused(
    apps: dict[str, Flask], text: str
):
    for key in ("contact_email", "contact_phone", "working_title", "org_website"):
        body = strict_json.dumps(a_proposal(**{key: text}))
        assert len(body) <= LIMIT
        posted(apps["intake"], body, status=422)


@pytest.mark.parametrize("inside", [False, True], ids=["beside the answers", "inside of them"])
def test_b22_thousands_of_unknown_fields_get_a_short_answer(apps: dict[str, Flask], inside: bool):
    strange = {f"field {number}": 1 for number in range(10_000)}
    body = a_proposal(**strange) if inside else strange | a_proposal()
    assert len(posted(apps["intake"], body, status=422)["errors"]) == 100


def test_b22_missing_answers_are_reported_before_unknown_fields(apps: dict[str, Flask]):
    strange = {f"field {number}": 1 for number in range(200)}
    errors = posted(apps["intake"], strange, status=422)["errors"]
    assert [error["pointer"] for error in errors[:3]] == ["/form", "/language", "/answers"]
    assert {error["code"] for error in errors[3:]} == {"unknown"}


def test_b34_half_a_character_twice_is_refused_and_its_name_can_be_shown(apps: dict[str, Flask]):
    problem = posted(apps["intake"], b'{"\\ud800":1,"\\ud800":2}', status=400)
    assert problem["code"] == "duplicate_key"
    assert "\N{REPLACEMENT CHARACTER}" in problem["detail"]
