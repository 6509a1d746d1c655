"""A cookie that somebody planted in another browser opens nothing of what is opened there."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.intake.models import Proposal
from tests.apps import on_sqlite
from tests.factories import count, sample
from tests.intake import form_filling as typed
from tests.intake.browsing import get, press
from tests.intake.mailed_links import HALF, mailed, request_link, sent_with_link
from tests.review import office
from tests.review.office import hire, visit


def _with_planted_cookie(app: Flask, attacker: FlaskClient, name: str = "intake") -> FlaskClient:
    """The browser of a victim, which has got the cookie of the attacker."""
    cookie = attacker.get_cookie(name)
    assert cookie is not None
    victim = app.test_client()
    victim.set_cookie(name, cookie.value)
    return victim


def _key(client: FlaskClient) -> str:
    with client.session_transaction() as cookie:
        return str(cookie["key"])


def test_a_planted_cookie_opens_no_proposal_that_a_link_opens(apps: dict[str, Flask]):
    intake = apps["intake"]
    reference, path = sent_with_link(intake)
    attacker = intake.test_client()
    typed.begin(attacker, "partner")
    victim = _with_planted_cookie(intake, attacker)
    opened = press(victim, get(victim, path), ("go", "open"))
    assert opened.status == 200
    assert reference in opened.text()
    assert reference not in get(attacker, opened.path).text()
    assert get(victim, opened.path).status == 200
    assert get(attacker, "/draft/you").status == 200  # the attacker keeps what was theirs


def test_a_planted_cookie_opens_no_proposal_that_a_code_opens(apps: dict[str, Flask]):
    intake = apps["intake"]
    reference, _ = sent_with_link(intake)
    attacker = intake.test_client()
    request_link(attacker, "nobody@example.org")
    victim = _with_planted_cookie(intake, attacker)
    page = request_link(victim, reference)
    page.form.named("code")[0].value = mailed(intake, "sign_in_link")[-1]["variables"]["code"]
    opened = press(victim, page, ("go", "code"))
    assert reference in opened.text()
    assert reference not in get(attacker, opened.path).text()


def test_a_planted_cookie_opens_no_draft_that_is_begun(apps: dict[str, Flask]):
    intake = apps["intake"]
    attacker = intake.test_client()
    own = typed.begin(attacker, "partner").address
    victim = _with_planted_cookie(intake, attacker)
    begun = typed.begin(victim, "faculty").address
    assert begun != own
    assert get(victim, begun).status == 200
    assert get(attacker, begun).status == 404
    assert get(attacker, "/draft/you").address == own


def test_a_token_that_was_planted_posts_nothing_after_a_link_is_opened(apps: dict[str, Flask]):
    intake = apps["intake"]
    _, path = sent_with_link(intake)
    attacker = intake.test_client()
    (planted,) = get(attacker, "/start").form.named("csrf_token")
    victim = _with_planted_cookie(intake, attacker)
    press(victim, get(victim, path), ("go", "open"))
    assert victim.post("/start", data={"csrf_token": planted.value}).status_code == 400


def test_what_a_browser_had_open_stays_open_under_its_new_key(apps: dict[str, Flask]):
    intake = apps["intake"]
    _, path = sent_with_link(intake)
    client = intake.test_client()
    typed.begin(client, "partner")
    press(client, get(client, path), ("go", "open"))
    assert get(client, "/draft/you").status == 200


def test_an_answer_that_gets_lost_leaves_the_old_key_what_it_opened(apps: dict[str, Flask]):
    """The phone sends the idea, loses the answer with the new key, and sends it again."""
    intake, body = apps["intake"], sample(HALF)
    client = intake.test_client()
    typed.core(client, body)
    page = typed.ready(client, body)
    before = client.get_cookie("intake")
    assert before is not None
    assert typed.send(client, page).path == "/sent"
    client.set_cookie("intake", before.value)
    assert typed.send(client, page).path == "/sent"
    assert get(client, "/status").path.startswith("/status/")
    assert count(intake, Proposal) == 1


@on_sqlite
def test_a_change_that_is_not_committed_leaves_the_key(
    apps: dict[str, Flask], monkeypatch: pytest.MonkeyPatch
):
    intake, body = apps["intake"], sample(HALF)
    client = intake.test_client()
    typed.core(client, body)
    page = typed.ready(client, body)
    key = _key(client)

    def fails(point: str) -> None:
        raise RuntimeError(point)

    monkeypatch.setattr("services.intake.routes.submit.crash.point", fails)
    assert typed.send(client, page).status == 500
    monkeypatch.undo()
    assert _key(client) == key
    assert typed.send(client, page).path == "/sent"
    assert _key(client) != key


@on_sqlite
def test_a_planted_cookie_signs_nobody_in_at_the_office(apps: dict[str, Flask]):
    review = apps["review"]
    attacker = review.test_client()
    visit(attacker, "/sign-in")
    victim = _with_planted_cookie(review, attacker, "review")
    assert office.sign_in(victim, hire(review, "director")).status == 303
    assert visit(victim, "/").status == 200
    assert visit(attacker, "/").status == 303
