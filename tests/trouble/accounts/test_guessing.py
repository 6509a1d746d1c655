"""Guesses at a password are limited where they come from; the person themselves gets in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.review.models import PasswordRequest, SignInAttempt, StaffSession
from services.review.models.states import LinkPurpose
from services.review.staff import password_tokens
from tests.apps import on_sqlite
from tests.factories import count, rows
from tests.review.accounts import NEW, ask, choose, links
from tests.review.office import (
    PASSWORD,
    hire,
    let_time_pass,
    press,
    sign_in,
    signed_in,
    visit,
)

LIMIT = 10
EVERYWHERE = 25


def _from(app: Flask, address: str) -> FlaskClient:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return client


def _guess(client: FlaskClient, email: str, times: int = LIMIT) -> None:
    for _ in range(times):
        assert sign_in(client, email, "not the password").status == 422


@on_sqlite
def test_ten_wrong_guesses_elsewhere_do_not_hold_back_a_person(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    _guess(_from(review, "192.0.2.1"), email, LIMIT + 5)
    assert sign_in(_from(review, "192.0.2.1"), email).status == 422
    assert sign_in(_from(review, "192.0.2.2"), email).status == 303


@on_sqlite
def test_the_right_password_gets_in_from_a_known_browser_whatever_strangers_guess(
    apps: dict[str, Flask],
):
    review = apps["review"]
    email = hire(review, "triage")
    client = _from(review, "192.0.2.9")
    assert sign_in(client, email).status == 303
    press(client, visit(client, "/"), "/sign-out")
    for number in range(4):
        _guess(_from(review, f"192.0.2.{number}"), email)
    _guess(_from(review, "192.0.2.9"), email)
    assert sign_in(_from(review, "192.0.2.7"), email).status == 422
    assert sign_in(client, email).status == 303
    assert count(review, SignInAttempt) == EVERYWHERE


@on_sqlite
def test_guesses_in_a_known_browser_are_limited_too(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    client = _from(review, "192.0.2.9")
    assert sign_in(client, email).status == 303
    press(client, visit(client, "/"), "/sign-out")
    _guess(client, email, LIMIT + 2)
    assert sign_in(client, email).status == 422
    assert count(review, SignInAttempt) == LIMIT
    let_time_pass(review, SignInAttempt, "at", timedelta(minutes=15))
    assert sign_in(client, email).status == 303


@on_sqlite
def test_a_browser_known_for_one_person_is_not_known_for_another(apps: dict[str, Flask]):
    review = apps["review"]
    first, second = hire(review, "triage"), hire(review, "lead")
    client = _from(review, "192.0.2.9")
    assert sign_in(client, first).status == 303
    press(client, visit(client, "/"), "/sign-out")
    for number in range(3):
        _guess(_from(review, f"192.0.2.{number}"), second)
    assert sign_in(client, second).status == 422


@on_sqlite
@pytest.mark.parametrize("value", ["", "x", "WyJrZXkiLFtdXQ.aaaaaa.bbbbbb"])
def test_a_forged_cookie_makes_no_browser_known(apps: dict[str, Flask], value: str):
    review = apps["review"]
    email = hire(review, "triage")
    client = _from(review, "192.0.2.9")
    client.set_cookie("review-known", value)
    _guess(client, email)
    assert sign_in(client, email).status == 422


@on_sqlite
def test_the_cookie_of_a_known_browser_signs_nobody_in_and_names_nobody(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    client = review.test_client()
    answer = sign_in(client, email).response
    (cookie,) = [each for each in answer.headers.getlist("Set-Cookie") if "-known=" in each]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    assert email not in cookie
    client.delete_cookie("review")
    assert visit(client, "/").status == 303


@on_sqlite
def test_the_reset_link_always_works(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    strangers = [_from(review, f"192.0.2.{number}") for number in range(3)]
    for _ in range(password_tokens.LINKS_PER_ACCOUNT + 3):
        ask(review, email)
    for stranger in strangers:
        _guess(stranger, email)
    path = links(review, "password_reset")[-1]
    let_time_pass(review, PasswordRequest, "at", timedelta(minutes=58))
    client = _from(review, "192.0.2.50")
    assert press(client, visit(client, path), path, new=NEW).status == 303
    for stranger in strangers:
        _guess(stranger, email)
    assert sign_in(client, email, NEW).status == 303


def test_a_reset_link_lives_as_long_as_requests_for_one_are_counted():
    reset = password_tokens.LIFETIMES[LinkPurpose.RESET]
    assert reset >= password_tokens.REQUEST_WINDOW


@on_sqlite
def test_neighbors_in_one_network_do_not_shut_each_other_out(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    for number in range(12):
        _guess(review.test_client(), f"{number}@office.example", 6)
    assert sign_in(review.test_client(), email).status == 303


@on_sqlite
def test_a_network_that_guesses_at_many_accounts_has_few_guesses_left_at_each(
    apps: dict[str, Flask],
):
    review = apps["review"]
    email = hire(review, "triage")
    for number in range(10):
        _guess(review.test_client(), f"{number}@office.example", 5)
    _guess(review.test_client(), email, 3)
    assert sign_in(review.test_client(), email).status == 422
    assert sign_in(_from(review, "192.0.2.7"), email).status == 303


@on_sqlite
def test_all_addresses_of_one_line_of_the_next_internet_are_one_network(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    for number in range(LIMIT):
        _guess(_from(review, f"2001:db8:1:2::{number}"), email, 1)
    assert sign_in(_from(review, "2001:db8:1:2:ffff::1"), email).status == 422
    assert sign_in(_from(review, "2001:db8:1:3::1"), email).status == 303


@on_sqlite
def test_neighbors_who_ask_for_links_leave_a_colleague_theirs(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    for number in range(35):
        ask(review, f"{number}@office.example")
    ask(review, email)
    (path,) = links(review, "password_reset")
    assert choose(review, path).status == 303


def test_thirty_guesses_at_once_let_at_most_the_limit_through(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    doors = [(client, visit(client, "/sign-in")) for client in map(_client, [review] * 30)]

    def guess(number: int) -> int:
        client, door = doors[number]
        return press(client, door, "/sign-in", email=email, password=f"guess {number}").status

    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(guess, range(30)))
    assert set(answers) <= {422, 503}  # a busy database says so; it counts nothing
    assert 1 <= count(review, SignInAttempt) <= LIMIT
    assert answers.count(503) or count(review, SignInAttempt) == LIMIT


def test_thirty_requests_at_once_mail_at_most_four_links(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    doors = [
        (client, visit(client, "/password/forgotten")) for client in map(_client, [review] * 30)
    ]

    def request(number: int) -> int:
        client, door = doors[number]
        return press(client, door, "/password/forgotten", email=email).status

    with ThreadPoolExecutor(30) as pool:
        assert set(pool.map(request, range(30))) <= {200, 429, 503}
    mailed = rows(review, PasswordRequest, PasswordRequest.staff_id.is_not(None))
    assert 1 <= len(mailed) <= password_tokens.LINKS_PER_ACCOUNT


def _client(app: Flask) -> FlaskClient:
    return app.test_client()


@on_sqlite
def test_guesses_at_the_password_of_an_open_session_are_limited(apps: dict[str, Flask]):
    review = apps["review"]
    client = signed_in(review)
    for _ in range(LIMIT):
        page = visit(client, "/account")
        typed = {"current": "not the password", "new": NEW}
        assert press(client, page, "/account/password", **typed).status == 422
    typed = {"current": PASSWORD, "new": NEW}
    held = press(client, visit(client, "/account"), "/account/password", **typed)
    assert held.status == 422 and "wait 15 minutes" in held.text()
    assert count(review, StaffSession) == 1
    let_time_pass(review, SignInAttempt, "at", timedelta(minutes=15))
    assert press(client, visit(client, "/account"), "/account/password", **typed).status == 303


@on_sqlite
def test_many_other_requests_do_not_tell_whether_an_account_exists(apps: dict[str, Flask]):
    review = apps["review"]
    answers = {}
    for email in (hire(review, "triage"), "nobody@office.example"):
        asked = [ask(review, email).status for _ in range(password_tokens.LINKS_PER_ACCOUNT)]
        for number in range(35):
            ask(review, f"{number}.{email}")
        answers[email] = [*asked, ask(review, email).status]
    known, unknown = answers.values()
    assert known == unknown
    assert known[-1] == 429
