"""An address counts as one however it is spelled: where it finds somebody, and at every limit."""

from datetime import timedelta

import pytest
from flask import Flask

from services.review.models import PasswordRequest, SignInAttempt
from services.review.staff import guesses, password_tokens
from tests.apps import on_sqlite
from tests.factories import count
from tests.intake.mailed_links import request_link
from tests.review.accounts import ask, links
from tests.review.office import hire, let_time_pass, sign_in

SPELLINGS = [
    "{}",
    " {} ",
    "X <{}>",
    "Another Name <{}>",
    "mailto:{}",
    "{},",
    "{};",
    "<{}>",
    "\u200b{}",
    "\ufeffMAILTO:{}.",
]


def _spellings(email: str) -> list[str]:
    return [spelling.format(email) for spelling in SPELLINGS] + [email.upper()]


@on_sqlite
@pytest.mark.parametrize("spelling", [*SPELLINGS, "Somebody Else <{}>"])
def test_guesses_in_many_spellings_count_for_one_account(apps: dict[str, Flask], spelling: str):
    review = apps["review"]
    email = hire(review, "triage")
    for number, typed in enumerate(_spellings(email)):
        if number < guesses.PER_PLACE:
            assert sign_in(review.test_client(), typed, "not the password").status == 422
    assert count(review, SignInAttempt) == guesses.PER_PLACE
    assert sign_in(review.test_client(), spelling.format(email)).status == 422
    let_time_pass(review, SignInAttempt, "at", guesses.WINDOW)
    assert sign_in(review.test_client(), spelling.format(email)).status == 303


@on_sqlite
def test_requests_for_a_password_link_in_many_spellings_count_for_one_account(
    apps: dict[str, Flask],
):
    review = apps["review"]
    email = hire(review, "triage")
    answers = [ask(review, typed).status for typed in _spellings(email)]
    allowed = password_tokens.LINKS_PER_ACCOUNT
    assert answers == [200] * allowed + [429] * (len(answers) - allowed)
    assert len(links(review, "password_reset")) == allowed
    let_time_pass(review, PasswordRequest, "at", timedelta(hours=1))
    assert ask(review, f"X <{email}>").status == 200


def test_requests_for_a_link_to_an_idea_in_many_spellings_count_for_one_mailbox(
    apps: dict[str, Flask],
):
    intake = apps["intake"]
    intake.config["MAILS_PER_HOUR"] = "2"
    spellings = ["x@b\u00fccher.example", "X@b\u00fccher.example", "x@xn--bcher-kva.example"]
    answers = [request_link(intake.test_client(), typed).status for typed in spellings]
    assert answers == [200, 200, 429]
