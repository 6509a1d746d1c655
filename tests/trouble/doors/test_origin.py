"""A change is refused where the browser says that another site made it, and nowhere else."""

import pytest
from flask import Flask

from services.review.models import StaffSession
from shared.web.guards import origin
from tests.apps import on_sqlite
from tests.factories import a_key, contents, count, send
from tests.intake.browsing import HTML, get
from tests.review.office import PASSWORD, hire, received, signed_in, visit

pytestmark = on_sqlite

FOREIGN = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "another host of the campus": {"Sec-Fetch-Site": "same-site"},
    "an origin": {"Origin": "https://evil.example"},
    "an origin with our name in it": {"Origin": "http://localhost.evil.example"},
    "an origin on another port": {"Origin": "http://localhost:1"},
    "an origin that is none": {"Origin": "localhost"},
}
OURS = {
    "nothing, as old browsers and programs": {},
    "a hidden origin": {"Origin": "null"},
    "our origin": {"Origin": "http://localhost"},
    "our public origin": {"Origin": "http://127.0.0.1:8001"},
    "our page": {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    "the person": {"Sec-Fetch-Site": "none"},
}


@pytest.mark.parametrize("said", FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_form_changes_nothing_even_with_a_good_token(
    apps: dict[str, Flask], said: dict[str, str]
):
    review, intake = apps["review"], apps["intake"]
    client = signed_in(review)
    (case,) = received(review)
    form = dict(visit(client, f"/cases/{case}").forms[-1].data())
    before = contents(review), contents(intake)
    for path in (f"/cases/{case}/take", f"/cases/{case}/note", "/sign-out", "/no-such-page"):
        answer = client.post(path, data=form | {"text": "x"}, headers=HTML | said)
        assert answer.status_code in (403, 404), path
    door = get(intake.test_client(), "/start").form
    assert (
        intake.test_client().post("/start", data=dict(door.data()), headers=said).status_code == 403
    )
    assert send(intake.test_client(), key=a_key(), **said).status_code == 403
    assert (contents(review), contents(intake)) == before


@pytest.mark.parametrize("said", OURS.values(), ids=OURS)
def test_our_own_forms_and_old_browsers_pass(apps: dict[str, Flask], said: dict[str, str]):
    review = apps["review"]
    email = hire(review, "triage")
    client = review.test_client()
    form = dict(visit(client, "/sign-in").form.data()) | {"email": email, "password": PASSWORD}
    assert client.post("/sign-in", data=form, headers=HTML | said).status_code == 303
    assert count(review, StaffSession) == 1


@pytest.mark.parametrize("said", [*FOREIGN.values(), *OURS.values()], ids=[*FOREIGN, *OURS])
def test_a_view_that_acts_on_its_token_alone_asks_for_nothing_else(
    apps: dict[str, Flask], said: dict[str, str]
):
    intake = apps["intake"]

    @origin.acts_on_token
    def stop(token: str) -> str:
        return f"stopped by {token}"

    intake.add_url_rule("/stop/<token>", view_func=stop, methods=["POST"])
    body = {
        "List-Unsubscribe": "One-Click"
    }  # RFC 8058: what a mail program sends, and nothing else
    answer = intake.test_client().post("/stop/abc", data=body, headers=said)
    assert (answer.status_code, answer.text) == (200, "stopped by abc")
