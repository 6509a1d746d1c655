"""What a page says after an act: what was done, who was emailed, in the words of the page."""

import pytest
from flask import Flask

from services.review.labels import ROLE_LABELS
from tests.apps import on_sqlite
from tests.review.office import do, post, received, signed_in, visit


@on_sqlite
def test_a_new_letter_shows_its_decision_and_who_is_notified(apps: dict[str, Flask]):
    (case,) = received(apps["review"])
    client = signed_in(apps["review"])
    answer = do(client, case, "decision", kind="decline", reason="incomplete")
    page = visit(client, answer.response.headers["Location"])
    assert "Decision: Decline" in page.text("p")
    assert "Letter created. Colleagues who can send it are notified by email." in page.text()
    assert "Letter created" not in visit(client, f"/cases/{case}/letter").text()


@on_sqlite
@pytest.mark.parametrize("done", ["reopen", "pass_on"])
def test_acts_without_a_mail_say_that_the_proposer_was_not_emailed(
    apps: dict[str, Flask], done: str
):
    (case,) = received(apps["review"])
    page = visit(signed_in(apps["review"]), f"/cases/{case}", done=done)
    assert "The proposer was not emailed" in page.text()


@on_sqlite
def test_signing_out_is_confirmed(apps: dict[str, Flask]):
    client = signed_in(apps["review"])
    (form,) = [form for form in visit(client, "/").forms if form.action == "/sign-out"]
    left = post(client, "/sign-out", **dict(form.data()))
    assert "You are signed out." in visit(client, left.response.headers["Location"]).text()


@on_sqlite
def test_signing_out_of_another_session_is_confirmed(apps: dict[str, Flask]):
    client = signed_in(apps["review"])
    signed_in(apps["review"])
    page = visit(client, "/account")
    (form,) = [form for form in page.forms if form.action.endswith("/end")]
    answer = post(client, form.action, **dict(form.data()))
    shown = visit(client, answer.response.headers["Location"]).text()
    assert "Signed out of that session." in shown


@on_sqlite
@pytest.mark.parametrize(("role", "explained"), [("triage", True), ("auditor", False)])
def test_the_daily_summary_is_explained_to_those_who_can_choose_it(
    apps: dict[str, Flask], role: str, explained: bool
):
    shown = visit(signed_in(apps["review"], role), "/account").text()
    assert ("leaving out anything already handled" in shown) == explained


def test_each_role_says_something_of_its_own():
    said = [label.partition(": ")[2] for label in ROLE_LABELS.values()]
    assert len(set(said)) == len(said)


@on_sqlite
def test_an_automatic_check_is_not_shown_as_an_act_of_the_proposer(apps: dict[str, Flask]):
    (case,) = received(apps["review"], state="quarantined")
    page = visit(signed_in(apps["review"]), f"/cases/{case}").text("aside")
    assert "Marked as suspected spam" in page and "Automatic check" in page
