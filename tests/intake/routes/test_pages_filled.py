"""A form that is filled in page by page has the same effect as a request to the API."""

from typing import Any

import pytest
from flask import Flask

from services.intake.models import Draft, Proposal
from shared import strict_json
from shared.tables import OutboxRow
from tests.apps import EXAMPLE
from tests.factories import count, rows, sample, samples, send
from tests.intake import form_filling as typed
from tests.intake.browsing import get


@pytest.mark.parametrize("name", samples())
def test_a_sample_typed_page_by_page_leaves_what_the_api_leaves(apps: dict[str, Flask], name: str):
    intake, body = apps["intake"], sample(name)
    assert send(intake.test_client(), body).status_code == 201
    client = intake.test_client()

    receipt = typed.play(client, body)
    assert (receipt.status, receipt.path) == (200, "/sent"), receipt.text()

    by_api, by_page = sorted(rows(intake, Proposal), key=lambda one: one.submitted_at)
    assert in_page_order(by_page.answers) == in_page_order(by_api.answers)
    assert list(by_page.answers) == list(by_api.answers)
    for column in ("branch", "language", "title", "state", "profile_version", "decision_by"):
        assert getattr(by_page, column) == getattr(by_api, column)
    assert f"{by_page.reference[:4]}-{by_page.reference[4:]}" in receipt.text()
    assert count(intake, Draft, Draft.proposal_id == by_page.id) == 1
    announced = events_about(intake, by_page)
    assert sorted(announced) == ["mail.requested.v1", "proposal.changed.v1"]
    assert (
        announced["mail.requested.v1"]["to_address"] == body["answers"]["contact_email"].casefold()
    )


def in_page_order(answers: dict[str, Any]) -> dict[str, Any]:
    """The answers with checked boxes in the order of the page, because they are a set."""
    ordered = dict(answers)
    for spec in EXAMPLE["questions"]:
        value = answers.get(spec["key"])
        if spec["type"] == "multi" and isinstance(value, list):
            ordered[spec["key"]] = sorted(value)
        boxes = [part["name"] for part in spec.get("parts", []) if part["type"] == "multi"]
        if boxes and isinstance(value, dict):
            ordered[spec["key"]] = value | {
                name: sorted(value[name]) for name in boxes if name in value
            }
    return ordered


def events_about(app: Flask, proposal: Proposal) -> dict[str, Any]:
    """The events about this proposal, by type."""
    results = [
        (row.event_type, strict_json.loads(row.envelope)["data"]) for row in rows(app, OutboxRow)
    ]
    return {kind: data for kind, data in results if data.get("proposal_id") == str(proposal.id)}


@pytest.mark.parametrize("path", ["/", "/start", "/questions/", "/questions/partner", "/privacy",
                                  "/accessibility", "/link"])  # fmt: skip
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_before_the_form_exists_in_both_languages(
    apps: dict[str, Flask], path: str, language: str
):
    page = get(apps["intake"].test_client(), f"{path}?lang={language}")
    assert page.status == 200
    assert page.attributes("html") == [{"lang": language}]
    assert len(page.attributes("h1")) == 1
