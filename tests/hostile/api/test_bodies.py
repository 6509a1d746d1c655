"""Bodies that are too large, of another type, not strict JSON or not answers to the form."""

from typing import Any

import pytest
from flask import Flask

from services.intake.models import Proposal
from tests.apps import on_sqlite
from tests.factories import a_proposal, rows, send
from tests.hostile.api import pointers, posted

pytestmark = on_sqlite

TOO_LARGE = {
    "B5 a title of a million characters": a_proposal(working_title="a" * 1_000_000),
    "B5 ten megabytes of need": a_proposal(need="n " * 5_000_000),
    "B22 a field name of a megabyte": {"k" * 1_000_000: 1},
    "B22 thirty thousand fields": {f"field_{number}": number for number in range(30_000)},
}


@pytest.mark.parametrize("body", TOO_LARGE.values(), ids=TOO_LARGE)
def test_a_body_over_the_limit_is_refused_unread(apps: dict[str, Flask], body: Any):
    posted(apps["intake"], body, status=413)


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "multipart/form-data", "application/xml", "application/x-www-form-urlencoded"]
    + [
        "",
        "application/json-patch+json",
        "application/jsonp",
        "json",
        "application/json,text/plain",
    ],
)
def test_b21_another_kind_of_content_is_refused(apps: dict[str, Flask], kind: str):
    posted(apps["intake"], a_proposal(), status=415, **{"Content-Type": kind})


DOUBTFUL = {
    "B22 three thousand fields nested in lists": (b'{"a":' + b"[" * 200 + b"1" + b"]" * 200 + b"}",
                                                  "too_deep"),
    "B32 a hundred thousand brackets": (b"[" * 100_000, "too_deep"),
    "B32 a hundred thousand braces": (b'{"a":' * 50_000, "too_deep"),
    "B33 NaN": (b'{"answers":NaN}', "bad_number"),
    "B33 Infinity": (b'{"answers":-Infinity}', "bad_number"),
    "B33 1e400": (b'{"answers":1e400}', "bad_number"),
    "B33 five thousand digits": (b'{"answers":' + b"9" * 5000 + b"}", "bad_number"),
    "B33 minus zero": (b'{"answers":-0.0}', "bad_number"),
    "B34 a key twice": (b'{"form":"interest","form":"interest"}', "duplicate_key"),
    "B36 a list": (b"[]", "not_an_object"),
    "B36 a text": (b'"hello"', "not_an_object"),
    "B36 null": (b"null", "not_an_object"),
    "B36 true": (b"true", "not_an_object"),
    "B36 text behind it": (b"{} x", "not_json"),
    "B36 two documents": (b"{}{}", "not_json"),
    "B36 nothing": (b"", "not_json"),
    "B36 spaces": (b"   ", "not_json"),
    "B36 not UTF-8": (b'{"form":"\xff\xfe"}', "not_utf8"),
    "B36 UTF-16": ('{"form":"interest"}'.encode("utf-16"), "not_utf8"),
    "B36 compressed": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xab\xae\x05\x00", "not_utf8"),
    "B36 half a character": (b'{"form":"\\ud800"}', "bad_text"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "code"), DOUBTFUL.values(), ids=DOUBTFUL)
def test_json_that_is_not_one_plain_object_is_refused_by_name(
    apps: dict[str, Flask], body: bytes, code: str
):
    assert posted(apps["intake"], body, status=400)["code"] == code


READ_ONLY = ["id", "status", "state", "version", "created_at", "reviewer", "reference", "is_admin"]
TRICKS = [
    "__proto__",
    "constructor",
    "__class__",
    "$ne",
    "$where",
    "",
    "a/b~c",
    "\u0000",
    "é" * 300,
]


@pytest.mark.parametrize("key", [*READ_ONLY, *TRICKS])
def test_b37_b39_a_field_that_is_not_asked_for_is_named_with_its_pointer(
    apps: dict[str, Flask], key: str
):
    beside = posted(apps["intake"], {**a_proposal(), key: {"a": 1}}, status=422)
    assert list(pointers(beside).values()) == ["unknown"]
    inside = posted(apps["intake"], a_proposal(**{key: "x"}), status=422)
    ((pointer, code),) = pointers(inside).items()
    assert (pointer.split("/")[1], code) == ("answers", "unknown")


WRONG_TYPES = {
    "B38 a text for a list": ({"audience": "partner_employees"}, "/answers/audience"),
    "B38 a number for a text": ({"working_title": 5}, "/answers/working_title"),
    "B38 true for a choice": ({"consent_share": True}, "/answers/consent_share"),
    "B38 a text for a consent": ({"consent_privacy": "true"}, "/answers/consent_privacy"),
    "B38 one for a consent": ({"consent_privacy": 1}, "/answers/consent_privacy"),
    "B38 a list for a text": ({"summary": ["a"]}, "/answers/summary"),
    "B38 an empty list for a text": ({"summary": []}, "/answers/summary"),
    "B38 an object for a text": ({"summary": {"a": 1}}, "/answers/summary"),
    "B38 null for a required one": ({"contact_name": None}, "/answers/contact_name"),
    "B38 a text for a number": (
        {"learner_count_first": {"from": "5", "to": 9}}, "/answers/learner_count_first"),
    "B38 a broken number": (
        {"learner_count_first": {"from": 5.5, "to": 9}}, "/answers/learner_count_first"),
    "B38 a list of objects for a list of texts": ({"audience": [{}]}, "/answers/audience/0"),
    "B38 another not sure": ({"skills": {"not_sure": "yes"}}, "/answers/skills"),
}  # fmt: skip


@pytest.mark.parametrize(("answers", "pointer"), WRONG_TYPES.values(), ids=WRONG_TYPES)
def test_a_value_of_another_type_is_refused_and_never_turned_into_the_right_one(
    apps: dict[str, Flask], answers: dict[str, Any], pointer: str
):
    problems = pointers(posted(apps["intake"], a_proposal(**answers), status=422))
    assert [place for place in problems if place.startswith(pointer)] == list(problems)
    assert problems


@pytest.mark.parametrize("answers", [None, [], "", 5, True, [{}]])
def test_b38_answers_that_are_no_object_are_refused(apps: dict[str, Flask], answers: Any):
    posted(apps["intake"], {**a_proposal(), "answers": answers}, status=422)


@pytest.mark.parametrize(
    "change",
    [{"form": "exam"}, {"form": None}, {"form": ["interest"]}, {"form": {}}]
    + [{"language": "xx"}, {"language": ["en"]}, {"language": 1}, {"language": {"en": 1}}],
    ids=str,
)
def test_b38_another_form_or_language_is_refused(apps: dict[str, Flask], change: dict[str, Any]):
    posted(apps["intake"], a_proposal() | change, status=422)


def test_b3_text_that_looks_like_code_is_kept_as_text(apps: dict[str, Flask]):
    intake = apps["intake"]
    texts = ["<script>alert(1)</script>", "{{7*7}} ${7*7} {% raw %}", "'; DROP TABLE proposals; --"]
    for text in texts:
        assert send(intake.test_client(), a_proposal(summary=text)).status_code == 201
    assert {proposal.answers["summary"] for proposal in rows(intake, Proposal)} == set(texts)
