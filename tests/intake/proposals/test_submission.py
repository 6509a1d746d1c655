"""A proposal by the API is stored, announced and confirmed together, and only once."""

import json
import threading
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask
from sqlalchemy import delete

from services.intake.models import Person, Proposal, ProposalPerson, StoredResponse
from shared import db, strict_json
from shared.tables import OutboxRow, ProfileVersion
from tests.apps import EXAMPLE_VERSION, close, on_sqlite, start
from tests.factories import a_key, a_proposal, count, rows, sample, samples, send


def events_named(app: Flask, name: str) -> list[dict[str, Any]]:
    """The data of the events of this name in the outbox."""
    stored = rows(app, OutboxRow, OutboxRow.event_type == name)
    return [strict_json.loads(row.envelope)["data"] for row in stored]


@pytest.mark.parametrize("name", samples())
def test_a_sample_goes_through_and_leaves_a_row_an_event_and_a_receipt(
    apps: dict[str, Flask], name: str
):
    intake, body = apps["intake"], sample(name)
    answer = send(intake.test_client(), body)
    assert answer.status_code == 201, answer.json

    (proposal,) = rows(intake, Proposal)
    assert answer.json["reference"].replace("-", "") == proposal.reference
    (event,) = events_named(intake, "proposal.changed.v1")
    assert event["proposal_id"] == str(proposal.id)
    assert (event["version"], event["state"]) == (1, "submitted")
    assert event["profile_version"] == EXAMPLE_VERSION
    assert event["promises"] == {
        key: answer.json[key] for key in ("first_reply_by", "meeting_by", "decision_by")
    }
    (receipt,) = events_named(intake, "mail.requested.v1")
    assert receipt["kind"] == "receipt"
    assert receipt["to_address"] == body["answers"]["contact_email"].casefold()
    assert "/go/" in receipt["variables"]["status_url"]  # a link of her own; the API's has no key
    assert answer.json["status_url"].endswith(f"/status/{answer.json['reference']}")
    assert receipt["language"] == body["language"]


def test_the_dates_promised_follow_one_another(apps: dict[str, Flask]):
    answer = send(apps["intake"].test_client()).json
    assert answer["first_reply_by"] <= answer["meeting_by"] <= answer["decision_by"]


def test_co_proposers_are_invited_and_each_mailbox_is_one_person(apps: dict[str, Flask]):
    intake = apps["intake"]
    body = a_proposal(
        co_proposers=[
            {"name": "Ana Ruiz", "email": "ANA@okafor-millwork.example"},
            {"name": "Ray again", "email": "ray@okafor-millwork.example"},
            {"name": "Ana again", "email": "ana@okafor-millwork.example"},
        ]
    )
    assert send(intake.test_client(), body).status_code == 201
    assert send(intake.test_client(), body).status_code == 201

    assert count(intake, Person) == 2
    assert count(intake, ProposalPerson) == 4
    people = events_named(intake, "proposal.changed.v1")[0]["people"]
    assert [(person["name"], person["role"], person["state"]) for person in people] == [
        ("Ray Okafor", "proposer", "active"),
        ("Ana Ruiz", "co_proposer", "invited"),
    ]


def test_the_schema_of_the_form_takes_what_the_api_takes(apps: dict[str, Flask]):
    answer = apps["intake"].test_client().get("/api/v1/forms/interest")
    assert (answer.status_code, answer.mimetype) == (200, "application/schema+json")
    validator = jsonschema.Draft202012Validator(json.loads(answer.data))
    for name in samples():
        validator.validate(sample(name))
    assert not validator.is_valid(a_proposal(proposer_kind="ghost"))


def test_the_same_key_and_body_get_the_same_answer_and_nothing_runs_twice(
    apps: dict[str, Flask],
):
    intake, key, body = apps["intake"], a_key(), a_proposal()
    first = send(intake.test_client(), body, key=key)
    turned = {name: body[name] for name in reversed(body)}
    again = intake.test_client().post(
        "/api/v1/proposals",
        data=json.dumps(turned, indent=4, ensure_ascii=True),
        headers={"Idempotency-Key": key, "Content-Type": "application/json; charset=utf-8"},
    )
    assert (again.status_code, again.data) == (201, first.data)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert count(intake, Proposal) == count(intake, StoredResponse) == 1
    assert count(intake, OutboxRow) == 2


def test_a_key_with_another_body_is_refused(apps: dict[str, Flask]):
    intake, key = apps["intake"], a_key()
    assert send(intake.test_client(), key=key).status_code == 201
    other = send(intake.test_client(), a_proposal(working_title="Something else"), key=key)
    assert (other.status_code, other.json["code"]) == (409, "key_reused")
    assert count(intake, Proposal) == 1


def test_a_refusal_is_not_kept_so_the_corrected_body_may_use_its_key(apps: dict[str, Flask]):
    intake, key = apps["intake"], a_key()
    refused = send(intake.test_client(), a_proposal(contact_email="nobody"), key=key)
    assert refused.status_code == 422
    assert count(intake, StoredResponse) == 0
    assert send(intake.test_client(), key=key).status_code == 201


def at_once(app: Flask, bodies: list[dict[str, Any]], *, key: str) -> list[Any]:
    """Send all of these at the same moment under one key."""
    ready, answers = threading.Barrier(len(bodies)), []

    def one(body: dict[str, Any]) -> None:
        client = app.test_client()
        ready.wait(10)
        answers.append(send(client, body, key=key))

    threads = [threading.Thread(target=one, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_sending_eight_times_at_once_is_one_proposal(apps: dict[str, Flask]):
    intake = apps["intake"]
    for turn in range(1, 6):
        answers = at_once(intake, [a_proposal()] * 8, key=a_key())
        assert [answer.status_code for answer in answers] == [201] * 8
        assert len({answer.data for answer in answers}) == 1
        assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
        assert count(intake, Proposal) == count(intake, StoredResponse) == turn
        assert count(intake, OutboxRow) == 2 * turn
    assert count(intake, Person) == 1


def test_of_different_bodies_at_once_under_one_key_one_is_taken_and_the_others_refused(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    bodies = [a_proposal(working_title=f"Idea {number}") for number in range(6)]
    answers = at_once(intake, bodies, key=a_key())
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert count(intake, Proposal) == 1
    assert count(intake, OutboxRow) == 2


@on_sqlite
def test_without_a_profile_the_form_says_that_it_comes_soon(apps: dict[str, Flask]):
    intake = apps["intake"]
    with intake.app_context(), db.begin() as session:
        session.execute(delete(ProfileVersion))
    for answer in (
        send(intake.test_client()),
        intake.test_client().get("/api/v1/forms/interest"),
    ):
        assert (answer.status_code, answer.json["code"]) == (503, "no_form")
        assert answer.headers["Retry-After"]
    assert count(intake, Proposal) == 0


@pytest.mark.parametrize(("proxies", "statuses"), [("0", [201, 429, 429]), ("1", [201, 201, 429])])
def test_behind_a_proxy_of_ours_each_address_has_an_hour_of_its_own(
    tmp_path: Path, proxies: str, statuses: list[int]
):
    settings = {"SENDS_PER_HOUR": "1", "PROXIES": proxies}
    app = start("intake", DATABASE_URL=f"sqlite:///{tmp_path}/intake.db", **settings)
    said = ("192.0.2.1", "192.0.2.2", "192.0.2.9, 192.0.2.2")  # the last entry is the proxy's own
    results = [send(app.test_client(), **{"X-Forwarded-For": each}).status_code for each in said]
    close(app)
    assert results == statuses
