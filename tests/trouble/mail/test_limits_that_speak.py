"""A mail that a limit holds back is never called "on its way", and there is another way in."""

import pytest
from flask import Flask

from services.intake.models import Proposal
from services.intake.routes.submit import HONEYPOT
from shared import references
from tests.factories import a_key, rows, sample, send, send_proposal
from tests.intake import form_filling as typed
from tests.intake.browsing import get
from tests.intake.mailed_links import HALF, RAY, mailed, request_link
from tests.review.office import hire, visit
from tests.review.office import press as press_in_review


def test_the_fifth_idea_of_an_hour_says_that_no_receipt_comes(apps: dict[str, Flask]):
    intake, body = apps["intake"], sample(HALF)
    intake.config["MAILS_PER_HOUR"] = "1"
    client = intake.test_client()
    assert "on its way" in typed.play(client, body).text()
    client = intake.test_client()
    page = typed.play(client, body)
    assert page.path == "/sent"
    assert "on its way" not in page.text()
    assert "no receipt by email" in page.text() and "elearning@lakeside.example" in page.text()
    assert len(mailed(intake, "receipt")) == 1


def test_its_json_and_status_page_say_so_too(apps: dict[str, Flask]):
    intake, body = apps["intake"], sample(HALF)
    intake.config["MAILS_PER_HOUR"] = "1"
    answers = [send(intake.test_client(), body, key=a_key()).json for _ in range(2)]
    assert [answer["receipt"] for answer in answers] == ["on its way", "not sent"]
    said = [
        intake.test_client().get(f"/status/{answer['reference']}").json["receipt"]
        for answer in answers
    ]
    assert said == ["on its way", "not sent"]
    client = intake.test_client()
    typed.play(client, body)
    page = get(client, "/status").text()
    assert "Confirmation: not sent" in page


def test_no_receipt_is_announced_for_what_looks_like_spam(apps: dict[str, Flask]):
    intake = apps["intake"]
    client = intake.test_client()
    typed.core(client, sample(HALF))
    ready = typed.ready(client, sample(HALF))
    ready.form.named(HONEYPOT)[0].value = "http://spam.example"
    assert typed.send(client, ready).path == "/sent"
    (proposal,) = rows(intake, Proposal)
    reference = references.display(proposal.reference)
    assert intake.test_client().get(f"/status/{reference}").json["receipt"] == "not sent"


@pytest.mark.parametrize("known", [RAY, "stranger@example.org", "HK4T-W7RB", "reference"])
def test_the_fifth_link_of_an_hour_is_refused_aloud_whoever_is_known(
    apps: dict[str, Flask], known: str
):
    intake = apps["intake"]
    reference = send_proposal(intake)
    intake.config["MAILS_PER_HOUR"] = "4"
    asked = reference if known == "reference" else known
    answers = [request_link(intake.test_client(), asked) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 4 + [429] * 2
    assert "Check your email" not in answers[-1].text("h1")
    assert "asked for several links" in answers[-1].text()
    assert "elearning@lakeside.example" in answers[-1].text()
    assert answers[-1].response.headers["Retry-After"] == "3600"


def test_a_refused_link_reads_the_same_for_a_stranger(apps: dict[str, Flask]):
    intake = apps["intake"]
    send_proposal(intake)
    intake.config["MAILS_PER_HOUR"] = "1"
    shown = set()
    for known in (RAY, "ray@okafor-millwork.org"):
        request_link(intake.test_client(), known)
        shown.add(request_link(intake.test_client(), known).text())
    assert len(shown) == 1


def test_receipts_do_not_use_up_the_links_of_a_mailbox(apps: dict[str, Flask]):
    intake = apps["intake"]
    intake.config["MAILS_PER_HOUR"] = "2"
    for _ in range(3):
        send_proposal(intake)
    assert request_link(intake.test_client(), RAY).status == 200
    assert len(mailed(intake, "sign_in_link")) == 1


@pytest.mark.parametrize("known", [True, False])
def test_the_fifth_password_link_of_an_hour_is_refused_aloud(apps: dict[str, Flask], known: bool):
    review = apps["review"]
    email = hire(review, "lead") if known else "nobody@lakeside.example"
    pages = []
    for _ in range(6):
        client = review.test_client()
        page = visit(client, "/password/forgotten")
        pages.append(press_in_review(client, page, "/password/forgotten", email=email))
    assert [page.status for page in pages] == [200] * 4 + [429] * 2
    assert "asked for several links" in pages[-1].text()
    assert "administrator" in pages[-1].text()
