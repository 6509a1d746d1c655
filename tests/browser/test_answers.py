"""Answers typed into the pages are stored exactly like answers sent by the API."""

import json
import uuid
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from services.intake.models import Proposal
from shared import references
from shared.profile import Profile
from tests.apps import EXAMPLE
from tests.browser.filler import play
from tests.browser.suite import Suite
from tests.browser.windows import window
from tests.factories import rows, sample, samples

PROFILE = Profile.of(EXAMPLE)
pytestmark = [pytest.mark.browser, pytest.mark.slow]

STORED = ("branch", "language", "state", "title", "profile_version")


def posted(page: Page, suite: Suite, body: dict[str, Any]) -> str:
    """Send it by the API; return the reference."""
    answer = page.request.post(
        f"{suite.intake}/api/v1/proposals",
        data=json.dumps(body),
        headers={"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex},
    )
    assert answer.status == 201, answer.text()
    reference: str = answer.json()["reference"]
    return reference


def stored(suite: Suite, reference: str) -> dict[str, Any]:
    (row,) = rows(suite.apps["intake"], Proposal, Proposal.reference == references.parse(reference))
    return {name: getattr(row, name) for name in STORED} | {"answers": unordered(row.answers)}


def unordered(answers: dict[str, Any]) -> dict[str, Any]:
    """Checked boxes without order, because a browser posts them in the order of the page."""
    return {key: _unordered(PROFILE.question(key), value) for key, value in answers.items()}


def _unordered(spec: dict[str, Any], value: Any) -> Any:
    if spec["type"] == "multi" and isinstance(value, list):
        return sorted(value)
    if spec["type"] == "composite" and isinstance(value, dict):
        parts = {part["name"]: part for part in spec["parts"]}
        return {
            name: _unordered(parts[name], one) if name in parts else one
            for name, one in value.items()
        }
    return value


@pytest.mark.parametrize("name", samples())
def test_a_sample_typed_into_the_browser_is_stored_as_by_the_api(
    chromium: Browser, embedded: Suite, name: str
):
    with window(chromium) as page:
        typed = play(page, embedded.intake, sample(name))
        sent = posted(page, embedded, sample(name))
    here, there = stored(embedded, typed), stored(embedded, sent)
    assert here.pop("answers") == there.pop("answers")
    assert here == there
