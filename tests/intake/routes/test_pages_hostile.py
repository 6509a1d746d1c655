"""Requests that no page of ours makes: each gets a clear answer, and none does harm."""

import json

import pytest
from flask import Flask

from services.intake.models import Draft, Proposal
from shared import logs
from shared.tables import OutboxRow
from tests.factories import a_key, count, rows, sample
from tests.intake import form_filling as typed
from tests.intake.browsing import HTML, get, press

HALF = "partner-half-idea"


@pytest.mark.parametrize(
    "path", ["/draft/you", "/draft/send", "/start", "/link", "/link/code", "/draft/link"]
)
def test_a_body_over_the_limit_is_refused_before_it_is_read(apps: dict[str, Flask], path: str):
    client = apps["intake"].test_client()
    typed.begin(client, "partner")
    before = rows(apps["intake"], Draft)[0].typed
    answer = client.post(path, data={"contact_name": "x" * 1_000_000}, headers=HTML)
    assert (answer.status_code, answer.mimetype) == (413, "text/html")
    assert rows(apps["intake"], Draft)[0].typed == before


def test_names_that_no_control_has_are_ignored_and_logged(
    apps: dict[str, Flask], capsys: pytest.CaptureFixture[str]
):
    client, body = apps["intake"].test_client(), sample(HALF)
    apps["intake"].config["LOG_LEVEL"] = "WARNING"
    logs.init_app(apps["intake"])
    typed.core(client, body)
    strange = [("state", "approved"), ("is_admin", "1"), ("id", "7"), ("typed.x", "1")]
    assert typed.send(client, typed.ready(client, body), more=strange).path == "/sent"
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (line,) = [line for line in lines if line["event"] == "mass_assignment_attempt"]
    assert line["names"] == ["state", "is_admin", "id", "typed.x"]
    (proposal,) = rows(apps["intake"], Proposal)
    assert proposal.state == "submitted"
    assert set(proposal.answers) & {"state", "is_admin", "id", "typed"} == set()


def test_a_filled_honeypot_makes_suspected_spam_and_sends_no_mail(
    apps: dict[str, Flask],
):
    intake, body = apps["intake"], sample(HALF)
    client = intake.test_client()
    typed.core(client, body)
    page = typed.ready(client, body)
    (trap,) = [control for control in page.form.controls if control.name.startswith("website")]
    trap.value = "https://buy.example"
    thanks = typed.send(client, page)
    assert (thanks.status, thanks.text("h1")) == (200, "Thank you")
    (proposal,) = rows(intake, Proposal)
    assert proposal.state == "quarantined"
    assert proposal.reference[:4] not in thanks.text()
    assert [row.event_type for row in rows(intake, OutboxRow)] == ["proposal.changed.v1"]


@pytest.mark.parametrize("wrong", ["", "forged", "of another browser"])
def test_a_form_without_its_token_keeps_the_text_and_stores_nothing(
    apps: dict[str, Flask], wrong: str
):
    client = apps["intake"].test_client()
    page = typed.fill(client, typed.begin(client, "partner"), sample(HALF)["answers"])
    other = get(apps["intake"].test_client(), "/link").form.named("csrf_token")[0].value
    page.form.named("csrf_token")[0].value = other if wrong == "of another browser" else wrong
    late = press(client, page)
    assert late.status == 400
    assert "select the button again" in late.text()
    assert late.form.named("contact_name")[0].value == sample(HALF)["answers"]["contact_name"]
    assert "contact_name" not in rows(apps["intake"], Draft)[0].typed
    assert press(client, late).path == "/draft/idea"


def test_a_browser_without_its_cookie_gets_the_typed_text_back(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = typed.fill(client, typed.begin(client, "partner"), sample(HALF)["answers"])
    client.delete_cookie("intake")
    lost = press(client, page)
    assert lost.status == 400
    assert sample(HALF)["answers"]["contact_name"] in lost.text()


@pytest.mark.parametrize(
    "kind", ["text/plain", "multipart/form-data", "application/xml", "application/json"]
)
def test_a_body_that_is_no_form_is_refused(apps: dict[str, Flask], kind: str):
    client = apps["intake"].test_client()
    typed.begin(client, "partner")
    answer = client.post("/draft/you", data=b"contact_name=x", headers=HTML, content_type=kind)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "names",
    [
        [f"field{number}" for number in range(3000)],
        ["x" * 65_536],
        ["a" + "[b]" * 200],
        ["co_proposers.99999999999.name"],
        ["skills.0.0.0"],
    ],
)
def test_odd_names_of_fields_do_no_harm(apps: dict[str, Flask], names: list[str]):
    client = apps["intake"].test_client()
    page = typed.begin(client, "partner")
    refused = press(client, page, more=[(name, "1") for name in names])
    assert refused.status in (400, 413) or refused.text("title").startswith("Error:")
    assert refused.status == 413 or len(names) == 1
    assert "x" * 100 not in refused.text()


def test_proposals_from_one_address_are_limited_per_hour(apps: dict[str, Flask]):
    intake, body = apps["intake"], sample(HALF)
    intake.config["SENDS_PER_HOUR"] = "2"
    clients = [intake.test_client() for _ in range(2)]
    for client in clients:
        assert typed.play(client, body).path == "/sent"
    late = intake.test_client()
    typed.core(late, body)
    refused = typed.send(late, typed.ready(late, body))
    assert (refused.status, refused.response.headers["Retry-After"]) == (429, "3600")
    by_api = late.post("/api/v1/proposals", json=body, headers={"Idempotency-Key": a_key()})
    assert by_api.status_code == 429
    assert count(intake, Proposal) == 2


def test_a_mailbox_gets_so_many_receipts_an_hour_and_the_proposals_are_kept(
    apps: dict[str, Flask],
):
    intake, body = apps["intake"], sample(HALF)
    intake.config["MAILS_PER_HOUR"] = "1"
    for _ in range(2):
        assert typed.play(intake.test_client(), body).path == "/sent"
    assert count(intake, Proposal) == 2
    assert count(intake, OutboxRow, OutboxRow.event_type == "mail.requested.v1") == 1
