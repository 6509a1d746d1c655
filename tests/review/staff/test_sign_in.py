"""The door of the office: who comes in, who does not, and that nobody can tell why."""

import pytest
from argon2 import PasswordHasher
from flask import Flask

from services.review.models import SignInAttempt, StaffSession
from services.review.staff import guesses, passwords, people
from shared import db
from tests.apps import on_sqlite
from tests.factories import count, rows
from tests.review.office import (
    PASSWORD,
    change_staff,
    hire,
    let_time_pass,
    post,
    sign_in,
    signed_in,
    visit,
)


def test_signing_in_leads_to_the_requested_page(apps: dict[str, Flask]):
    review = apps["review"]
    client = review.test_client()
    email = hire(review, "triage")
    wanted = visit(client, "/cases/AA2A-A2AA")
    assert wanted.status == 303
    assert wanted.response.headers["Location"] == "/sign-in?next=/cases/AA2A-A2AA"

    entered = sign_in(client, f" {email.upper()} ", next="/cases/AA2A-A2AA")

    assert (entered.status, entered.response.headers["Location"]) == (303, "/cases/AA2A-A2AA")
    assert visit(client, "/").status == 200
    assert visit(client, "/sign-in").response.headers["Location"] == "/"


@on_sqlite
def test_the_cookie_is_out_of_reach_and_holds_no_name(apps: dict[str, Flask]):
    review = apps["review"]
    client = review.test_client()
    answer = sign_in(client, hire(review, "triage")).response
    (cookie,) = [each for each in answer.headers.getlist("Set-Cookie") if "-known=" not in each]
    assert cookie.startswith("review=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    row = rows(review, StaffSession)[0]
    assert row.id_hash not in cookie
    assert answer.headers["Cache-Control"] == "no-store"


@on_sqlite
def test_unknown_wrong_deactivated_and_limited_sign_ins_look_the_same(apps: dict[str, Flask]):
    review = apps["review"]
    known, disabled = hire(review, "triage"), hire(review, "lead")
    change_staff(review, disabled, active=False)
    tries = [
        ("nobody@office.example", PASSWORD),
        ("not an address\x00", PASSWORD),
        (known, "something else entirely"),
        (disabled, PASSWORD),
    ]
    answers = set()
    for email, password in tries:
        answer = sign_in(review.test_client(), email, password)
        answers.add((answer.status, answer.text().replace(email, "")))
    for _ in range(guesses.PER_PLACE):
        sign_in(review.test_client(), known, "wrong again, and again")
    held = sign_in(review.test_client(), known, PASSWORD)
    answers.add((held.status, held.text()))
    assert len(answers) == 1
    assert answers.pop()[0] == 422
    assert count(review, StaffSession) == 0


@on_sqlite
def test_an_unknown_person_costs_as_much_work_as_a_known_one(
    apps: dict[str, Flask], monkeypatch: pytest.MonkeyPatch
):
    review = apps["review"]
    worked: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, stored: str, password: bytes) -> bool:
        worked.append(stored.split("$")[3])
        return verify(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    known = hire(review, "triage")
    with review.app_context(), db.begin() as session:
        member = people.find(session, email=known)
        assert member is not None
        people.set_password(session, member, password_hash=passwords.hash_password(PASSWORD))
    for email in (known, "nobody@office.example", "no address"):
        assert sign_in(review.test_client(), email, "not the password").status == 422
    assert worked == ["m=19456,t=2,p=1"] * 3


def test_guessing_at_one_account_is_limited_until_the_window_passes(apps: dict[str, Flask]):
    review = apps["review"]
    email = hire(review, "triage")
    for _ in range(guesses.PER_PLACE + 5):
        assert sign_in(review.test_client(), email, "guess after guess").status == 422
    assert count(review, SignInAttempt) == guesses.PER_PLACE
    assert sign_in(review.test_client(), email).status == 422
    assert signed_in(review, "lead")  # from the same address: the other bucket is larger

    let_time_pass(review, SignInAttempt, "at", guesses.WINDOW)
    assert sign_in(review.test_client(), email).status == 303


@on_sqlite
@pytest.mark.parametrize("password", ["x" * 1025, "é" * 600])
def test_a_password_longer_than_anybody_types_is_refused_uncomputed(
    apps: dict[str, Flask], password: str
):
    review = apps["review"]
    answer = sign_in(review.test_client(), hire(review, "triage"), password)
    assert answer.status == 413


@on_sqlite
@pytest.mark.parametrize(
    ("kept", "typed", "fits"),
    [
        ("caf\u00e9 and cr\u00e8me", "cafe\u0301 and cre\u0300me", True),
        (" leading and trailing ", " leading and trailing ", True),
        (" leading and trailing ", "leading and trailing", False),
        ("nul \x00 in the middle", "nul \x00 in the middle", True),
        ("nul \x00 in the middle", "nul \x00 in another way", False),
        ("a" * 64 + " many letters", "a" * 64 + " more letters", False),
    ],
)
def test_a_password_is_taken_exactly_however_it_is_composed(
    apps: dict[str, Flask], kept: str, typed: str, fits: bool
):
    review = apps["review"]
    email = hire(review, "triage")
    with review.app_context(), db.begin() as session:
        member = people.find(session, email=email)
        assert member is not None
        people.set_password(session, member, password_hash=passwords.hash_password(kept))
    assert sign_in(review.test_client(), email, typed).status == (303 if fits else 422)


@on_sqlite
def test_the_sign_in_page_refuses_frames_and_foreign_forms(apps: dict[str, Flask]):
    review = apps["review"]
    client = review.test_client()
    headers = visit(client, "/sign-in").response.headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    email = hire(review, "triage")
    for token in ("", "x", "IjEi.aaaaaa.bbbbbb"):
        answer = post(client, "/sign-in", email=email, password=PASSWORD, csrf_token=token)
        assert answer.status == 400
        assert "timed out" in answer.text()
        assert answer.forms[0].named("email")[0].value == email
    assert count(review, StaffSession) == 0


NEXT = {
    "//evil.example": "/",
    "///evil.example": "/",
    "/\\evil.example": "/",
    "/\t/evil.example": "/",
    "/.//evil.example": "/",
    "https:evil.example": "/",
    "https://evil.example/": "/",
    "javascript:alert(1)": "/",
    "//evil.example@here/": "/",
    "/" + "a" * 10_000: "/",
    "": "/",
    "queue": "/",
    "/?tab=mine&q=saw": "/?tab=mine&q=saw",
    "/cases/HK4T-W7RB": "/cases/HK4T-W7RB",
    "/%5cevil": "/%5cevil",
    "/%09/evil": "/%09/evil",
}


@on_sqlite
@pytest.mark.parametrize("given", NEXT)
def test_signing_in_never_redirects_to_another_host(apps: dict[str, Flask], given: str):
    review = apps["review"]
    entered = sign_in(review.test_client(), hire(review, "triage"), next=given)
    assert (entered.status, entered.response.headers["Location"]) == (303, NEXT[given])
