"""A part that offers one choice in a branch is answered without being asked."""

from flask import Flask

from services.intake.models import Proposal
from tests.factories import a_proposal, rows, sample, send
from tests.intake import form_filling as typed
from tests.intake.browsing import get, press

HALF = "partner-half-idea"


def test_a_unit_with_one_choice_is_taken_without_asking(apps: dict[str, Flask]):
    client, body = apps["intake"].test_client(), sample(HALF)
    typed.core(client, body)
    page = get(client, "/draft/credential")
    assert not page.form.named("length.unit")
    (hours,) = page.form.named("length.amount")
    hours.value = "20"
    page = press(client, page)
    assert (page.status, page.path) == (200, "/draft/more"), page.text("section")
    ready = typed.ready(client, body)
    assert "Not included" not in ready.text()
    assert typed.send(client, ready).path == "/sent"
    (proposal,) = rows(apps["intake"], Proposal)
    assert proposal.answers["length"] == {"amount": 20, "unit": "hours"}
    assert "Choose hours" not in get(client, "/questions/partner").text()


def test_a_unit_of_one_choice_comes_only_with_its_amount(apps: dict[str, Flask]):
    client, body = apps["intake"].test_client(), sample(HALF)
    typed.core(client, body)
    page = get(client, "/draft/credential")
    (span,) = page.form.named("length.span")
    span.value = "3"
    page.form.named("length.span_unit")[0].on = True
    assert press(client, page).path == "/draft/more"
    assert typed.send(client, typed.ready(client, body)).path == "/sent"
    (proposal,) = rows(apps["intake"], Proposal)
    assert proposal.answers["length"] == {"span": 3, "span_unit": "days"}


def test_the_api_still_asks_for_a_unit_of_one_choice(apps: dict[str, Flask]):
    answer = send(apps["intake"].test_client(), a_proposal(length={"amount": 20}))
    assert answer.status_code == 422
    assert "Choose hours." in answer.text


def test_a_unit_that_another_branch_chose_does_not_stop_a_partner(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    typed.core(client, sample("faculty-python-for-analysts"))
    page = get(client, "/draft/credential")
    (amount,) = page.form.named("length.amount")
    amount.value = "3"
    for control in page.form.named("length.unit"):
        control.on = control.value == "credits"
    assert press(client, page).path == "/draft/more"
    page = get(client, "/draft/start?back=check")
    for control in page.form.named("proposer_kind"):
        control.on = control.value == "partner"
    press(client, page)
    assert press(client, get(client, "/draft/credential")).status == 200
