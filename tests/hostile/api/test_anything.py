"""Any JSON is accepted or refused as a whole, and nothing breaks."""

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.intake.models import Proposal
from shared import strict_json
from shared.tables import OutboxRow
from tests.apps import EXAMPLE, on_sqlite
from tests.factories import a_key, a_proposal, contents, count
from tests.hostile.api import JSON, PROPOSALS

BOUNDED = settings(
    max_examples=120,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # the tables may grow
)
TEXTS = st.text(max_size=30) | st.sampled_from(
    [
        "\u0000",
        "\u202e",
        "\u3164",
        "\ud800",
        "a@b.org\r\nBcc:x@y.org",
        "=cmd|' /C calc'!A0",
        "x" * 9999,
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from([question["key"] for question in EXAMPLE["questions"]]) | TEXTS


def sent(app: Flask, body: Any) -> None:
    """Send it: 201 leaves one proposal, its event and its receipt; a refusal leaves nothing."""
    before, proposals, events = contents(app), count(app, Proposal), count(app, OutboxRow)
    headers = JSON | {"Idempotency-Key": a_key()}
    answer = app.test_client().post(PROPOSALS, data=body, headers=headers)
    if answer.status_code == 201:
        assert count(app, Proposal) == proposals + 1
        assert count(app, OutboxRow) == events + 2
    else:
        assert answer.status_code in (400, 413, 422), answer.text
        assert strict_json.loads(answer.data)["detail"]
        assert contents(app) == before


@on_sqlite
@BOUNDED
@given(VALUES)
def test_any_json(apps: dict[str, Flask], value: Any):
    sent(apps["intake"], json.dumps(value))


@on_sqlite
@BOUNDED
@given(st.binary(max_size=300))
def test_any_bytes(apps: dict[str, Flask], body: bytes):
    sent(apps["intake"], body)


@BOUNDED
@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=3))
def test_a_good_proposal_with_a_few_answers_exchanged(
    apps: dict[str, Flask], answers: dict[str, Any]
):
    sent(apps["intake"], json.dumps(a_proposal(**answers)))


@on_sqlite
@BOUNDED
@given(st.integers(0, 2**16), st.binary(min_size=1, max_size=3))
def test_a_good_proposal_with_a_few_bytes_exchanged(
    apps: dict[str, Flask], place: int, noise: bytes
):
    body = json.dumps(a_proposal()).encode()
    place %= len(body)
    sent(apps["intake"], body[:place] + noise + body[place + len(noise) :])


@on_sqlite
@pytest.mark.parametrize("name", ["\u0000", "A\u202eB", "\u3164", "  ", "a" * 100_000])
def test_an_invalid_name_is_refused(apps: dict[str, Flask], name: str):
    sent(apps["intake"], json.dumps(a_proposal(contact_name=name)))
    assert count(apps["intake"], Proposal) == 0
