"""A password that others use, that a keyboard suggests or that says who we are is refused."""

import time

import pytest
from flask import Flask

from services.review.staff import passwords
from tests.apps import on_sqlite
from tests.review.accounts import ask, choose, invited, links
from tests.review.office import PASSWORD, hire, member, press, sign_in, signed_in, visit

COMMON = [
    "password1234",
    "P@ssw0rd1234",
    "iloveyou1234",
    "trustno1trustno1",
    "letmeinletmein",
    "qwertyuiop[]",
    "1qaz2wsx3edc4rfv",
    "Welcome2026!",
    "Summer2026!!",
    "abcdefghijklmnop",
    "19841984198419841984",
]
OURS = [
    "microcredential2026!",
    "Microcredentials!1",
    "overture overture",
    "LakesideStateUniversity",
    "Lakeside eLearning 2026",
    "lakeside.example1",
    "Regional E-Campus",
    "noor.haddad@office.example",
    "Haddad Noor 1984",
]
GOOD = [
    "walking on the far side",
    "x7g2-m9qk-4tzr-w3pv",
    "s\u00fc\u00dfe Birnen im Sp\u00e4therbst",
    "\u6771\u4eac\u306e\u96e8\u306f\u9759\u304b\u306b\u964d\u308b\u3002\u3068\u3066\u3082",
    "seven quiet lamps by a harbor" * 5,
]


@on_sqlite
@pytest.mark.parametrize("password", COMMON + OURS)
def test_an_invited_colleague_cannot_choose_a_password_that_is_easy_to_guess(
    apps: dict[str, Flask], password: str
):
    review = apps["review"]
    invited(signed_in(review, "admin"))
    page = choose(review, links(review, "staff_invitation")[-1], password)
    assert page.status == 422
    assert "easy to guess" in page.text()
    assert member(review, "noor@office.example").password_hash is None


@on_sqlite
@pytest.mark.parametrize(
    "password",
    [
        "jose@gmial.com1",
        "Jose@Gmial.Com!234",
        "josegmialcom12345",
        "José.Ruiz#48291",
        "ruiz_jose_12345!",
        "overture-7391-xk",
        "Lakeside 482 913",
    ],
)
def test_a_password_of_own_words_and_a_few_characters_is_refused(
    apps: dict[str, Flask], password: str
):
    review = apps["review"]
    invited(signed_in(review, "admin"), name="José Ruiz", email="jose@gmial.com")
    page = choose(review, links(review, "staff_invitation")[-1], password)
    assert (page.status, "easy to guess" in page.text()) == (422, True)
    assert member(review, "jose@gmial.com").password_hash is None


@pytest.mark.parametrize("password", ["joyous tapirs hum late", "jose sells blue umbrellas"])
def test_a_password_with_an_own_word_among_others_is_good(password: str):
    passwords.check(password, words=["josé", "ruiz", "jose", "gmial", "com", "josegmialcom"])


@on_sqlite
@pytest.mark.parametrize("password", GOOD)
def test_an_invited_colleague_can_choose_unrelated_words_or_chance(
    apps: dict[str, Flask], password: str
):
    review = apps["review"]
    invited(signed_in(review, "admin"))
    assert choose(review, links(review, "staff_invitation")[-1], password).status == 303
    assert sign_in(review.test_client(), "noor@office.example", password).status == 303


@on_sqlite
def test_the_account_page_the_reset_and_the_command_refuse_it_too(apps: dict[str, Flask]):
    review = apps["review"]
    client, email = signed_in(review), hire(review, "triage")
    typed = {"current": PASSWORD, "new": "password1234"}
    page = press(client, visit(client, "/account"), "/account/password", **typed)
    assert (page.status, "easy to guess" in page.text()) == (422, True)
    ask(review, email)
    assert choose(review, links(review, "password_reset")[-1], "password1234").status == 422
    for args in (["password", email], ["add", "b@c.example", "--name", "B", "--role", "lead"]):
        run = review.test_cli_runner().invoke(
            args=["staff", *args], input="password1234\npassword1234\n"
        )
        assert run.exit_code == 1 and "easy to guess" in run.output
    assert sign_in(review.test_client(), email).status == 303


def test_every_generated_password_is_good():
    for _ in range(200):
        passwords.check(passwords.generate(), words=["overture", "lakeside"])


def _work(password: str) -> float:
    """The seconds of this process that it takes to judge a password, at best."""
    seconds = []
    for _ in range(3):
        begin = time.process_time()
        passwords.check(password, words=["lakeside"])
        seconds.append(time.process_time() - begin)
    return min(seconds)


def test_a_password_of_seventy_hostile_characters_costs_no_more_than_one_of_half_its_length():
    hostile = "a4@8({[<369&#!1|0$5+7%2x" * 3
    assert _work(hostile[:70]) < 2 * _work(hostile[:35])
