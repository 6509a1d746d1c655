"""The status of a proposal, for anybody with its reference."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.intake.models import CaseView, MailStatus, Proposal
from shared import strict_json
from shared.tables import OutboxRow
from tests.factories import an_event, count, rows, send_proposal
from tests.fakes import take


def review_reports(app: Flask, **data: Any) -> None:
    """Review reports the case of the only proposal."""
    (proposal,) = rows(app, Proposal)
    take(app, an_event("case.changed.v1", proposal_id=proposal.id, **data))


def test_a_new_proposal_shows_received_and_the_promised_dates(
    apps: dict[str, Flask],
):
    reference = send_proposal(apps["intake"])
    status = apps["intake"].test_client().get(f"/status/{reference}").json
    assert (status["reference"], status["label"]) == (reference, "received")
    assert (status["contact"], status["receipt"]) == (None, "on its way")
    assert status["first_reply_by"] <= status["decision_by"]


def test_it_shows_nothing_of_what_was_answered(apps: dict[str, Flask]):
    reference = send_proposal(apps["intake"], working_title="Canary title", org_name="Canary org")
    review_reports(apps["intake"], letter=None)
    shown = apps["intake"].test_client().get(f"/status/{reference}").text
    assert "anary" not in shown
    assert "okafor" not in shown.casefold()


def test_the_newest_state_from_review_and_notify_is_shown(apps: dict[str, Flask]):
    intake = apps["intake"]
    reference = send_proposal(intake)
    (proposal,) = rows(intake, Proposal)
    mail_id = uuid4()
    review_reports(intake, version=3, public_label="meeting", letter=None)
    review_reports(intake, version=2, public_label="being_read", letter=None)
    for version, state in ((2, "sent"), (1, "queued")):
        mail = {"mail_id": mail_id, "proposal_id": proposal.id}
        take(intake, an_event("mail.changed.v1", version=version, state=state, **mail))

    status = intake.test_client().get(f"/status/{reference}").json
    assert (status["label"], status["receipt"]) == ("meeting", "sent")
    assert status["contact"]["email"] == "elearning@lakeside.example"
    assert count(intake, CaseView) == count(intake, MailStatus) == 1


@pytest.mark.parametrize("change", [str.lower, lambda text: text.replace("-", " ")])
def test_a_reference_may_be_typed_as_people_type(apps: dict[str, Flask], change: Any):
    reference = send_proposal(apps["intake"])
    assert apps["intake"].test_client().get(f"/status/{change(reference)}").status_code == 200


@pytest.mark.parametrize("typed", ["AA2A-A2AA", "x", "%27%20OR%201=1", "A" * 500, "%00"])
def test_an_invalid_reference_is_not_found(apps: dict[str, Flask], typed: str):
    send_proposal(apps["intake"])
    answer = apps["intake"].test_client().get(f"/status/{typed}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_released_letter_is_mailed_once_even_if_its_event_repeats(apps: dict[str, Flask]):
    intake = apps["intake"]
    send_proposal(intake)
    letter = {
        "subject": "Your idea",
        "text": "We would like to build this with you.",
        "signed_by": "Renata Kowalczyk",
        "released_at": "2026-10-02T16:00:00+00:00",
    }
    named = {"name": "Tara Lindqvist", "email": "ideas@lakeside.example"}
    for version in (1, 1, 2, 3):
        review_reports(intake, version=version, letter=letter, contact=named)
    requests = rows(intake, OutboxRow, OutboxRow.event_type == "mail.requested.v1")
    decisions = {row.thing for row in requests if b'"decision"' in row.envelope}
    assert len(decisions) == 1
    for row in requests:
        data = strict_json.loads(row.envelope)["data"]
        assert (data["reply_to"] == named) == (data["kind"] == "decision")
        assert (data["variables"]["contact_name"] == named["name"]) == (data["kind"] == "decision")
    review_reports(intake, version=4, letter=letter | {"released_at": "2026-11-02T16:00:00+00:00"})
    requests = rows(intake, OutboxRow, OutboxRow.event_type == "mail.requested.v1")
    assert len({row.thing for row in requests if b'"decision"' in row.envelope}) == 2
