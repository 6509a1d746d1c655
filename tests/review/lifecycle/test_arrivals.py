"""A proposal becomes a case of an office, and the office hears of it once."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.review.models import Case
from shared import strict_json
from shared.tables import OutboxRow
from tests.apps import EXAMPLE_VERSION
from tests.factories import an_event, count, rows, sample
from tests.fakes import take

CHANGED = "proposal.changed.v1"


def event_data(app: Flask, name: str) -> list[dict[str, Any]]:
    stored = rows(app, OutboxRow, OutboxRow.event_type == name)
    return [strict_json.loads(row.envelope)["data"] for row in stored]


def sent(name: str, **fields: Any) -> bytes:
    """A sample as intake tells of it."""
    body = sample(name)
    branch = {"branch": body["answers"]["proposer_kind"], "language": body["language"]}
    return an_event(CHANGED, answers=body["answers"], **branch, **fields)


def test_a_case_has_the_answers_and_the_proposer_gets_the_public_state(
    apps: dict[str, Flask],
):
    review = apps["review"]
    take(review, sent("partner-half-idea"))
    (case,) = rows(review, Case)
    assert (case.state, case.public_label, case.version) == ("triage", "received", 1)
    assert (case.title, case.organization) == ("Reading shop drawings", "Okafor Millwork")
    assert case.profile_version == EXAMPLE_VERSION
    (event,) = event_data(review, "case.changed.v1")
    assert (event["case_id"], event["public_label"]) == (str(case.id), "received")
    assert event["contact"] == {"name": "Renata Kowalczyk", "email": "elearning@lakeside.example"}
    assert "answers" not in event
    assert "state" not in event


def test_the_office_is_alerted_with_who_what_and_until_when(apps: dict[str, Flask]):
    review = apps["review"]
    take(review, sent("partner-half-idea"))
    (mail,) = event_data(review, "mail.requested.v1")
    assert (mail["kind"], mail["to_address"]) == ("staff_alert", "elearning@lakeside.example")
    assert mail["person_id"] is None
    variables = mail["variables"]
    assert variables["proposer"] == "Ray Okafor"
    assert variables["organization"] == "Okafor Millwork"
    assert variables["summary"].startswith("People we hire can run a saw")
    assert variables["case_url"].endswith("/cases/HK4T-W7RB")
    assert variables["first_reply_by"].startswith("Friday, September 4")


def test_a_case_goes_to_the_office_that_was_asked_for(apps: dict[str, Flask]):
    review = apps["review"]
    take(review, sent("faculty-full-water-testing"))
    (case,) = rows(review, Case)
    assert case.office == "regional"


@pytest.mark.parametrize(
    ("state", "ours", "label"),
    [("withdrawn", "withdrawn", "withdrawn"), ("quarantined", "quarantined", "received")],
)
def test_spam_and_withdrawn_proposals_alert_nobody(
    apps: dict[str, Flask], state: str, ours: str, label: str
):
    review = apps["review"]
    take(review, an_event(CHANGED, state=state))
    (case,) = rows(review, Case)
    assert (case.state, case.public_label) == (ours, label)
    assert event_data(review, "mail.requested.v1") == []


def test_a_withdrawn_proposal_withdraws_its_case_and_is_published(apps: dict[str, Flask]):
    review = apps["review"]
    take(review, an_event(CHANGED))
    take(review, an_event(CHANGED, version=2, state="withdrawn"))
    (case,) = rows(review, Case)
    assert (case.state, case.version) == ("withdrawn", 2)
    assert [told["public_label"] for told in event_data(review, "case.changed.v1")] == [
        "received",
        "withdrawn",
    ]


def test_an_amendment_that_comes_before_its_submission_opens_the_case(apps: dict[str, Flask]):
    review = apps["review"]
    take(review, an_event(CHANGED, version=2, state="amended"))
    take(review, an_event(CHANGED, version=1, state="submitted"))
    (case,) = rows(review, Case)
    assert (case.state, case.proposal_version) == ("triage", 2)
    assert len(event_data(review, "mail.requested.v1")) == 1


def test_each_proposal_is_one_case(apps: dict[str, Flask]):
    review = apps["review"]
    for reference in ("AA2AA2AA", "BB3BB3BB", "CC4CC4CC"):
        take(review, an_event(CHANGED, proposal_id=uuid4(), reference=reference))
    assert count(review, Case) == 3
