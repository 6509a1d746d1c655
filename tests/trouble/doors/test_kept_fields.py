"""What travels through the sign-in page is what this browser typed here, and never an act."""

import pytest
from flask import Flask

from services.review.models import Letter, StaffSession
from services.review.staff import sessions
from tests.apps import on_sqlite
from tests.factories import count, rows
from tests.intake.browsing import HTML, Page, page_of
from tests.review.office import (
    PASSWORD,
    do,
    hire,
    let_time_pass,
    post,
    press,
    received,
    signed_in,
    visit,
)

pytestmark = on_sqlite

OURS = {"Sec-Fetch-Site": "same-origin"}
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
]
PLANTED = {"kept.revision": "7", "kept.text": "Words of a stranger", "kept.reason": "because of it"}


def _waiting_letter(review: Flask) -> str:
    (case,) = received(review)
    do(signed_in(review, "lead"), case, "decision", kind="accept")
    return case


def _released(review: Flask) -> list[Letter]:
    return rows(review, Letter, Letter.released_at.is_not(None))


def _names(page: Page) -> set[str]:
    return {control.name for form in page.forms for control in form.controls}


def _expired(review: Flask) -> None:
    let_time_pass(review, StaffSession, "seen_at", sessions.IDLE)


@pytest.mark.parametrize("sent_by", [*FOREIGN, OURS])
def test_a_foreign_sign_in_form_leads_to_no_released_letter(
    apps: dict[str, Flask], sent_by: dict[str, str]
):
    review = apps["review"]
    case = _waiting_letter(review)
    client = review.test_client()
    planted = {**PLANTED, "next": f"/cases/{case}/letter/release", "csrf_token": "guessed"}
    door = page_of(client.post("/sign-in", data=planted, headers=HTML | sent_by))
    assert door.status in (400, 403)
    assert not [name for name in _names(door) if name.startswith("kept.")]
    assert "Words of a stranger" not in door.html and "/letter/release" not in door.html
    entered = press(
        client, visit(client, "/sign-in"), "/sign-in", email=hire(review, "director"),
        password=PASSWORD,
    )  # fmt: skip
    assert entered.response.headers["Location"] == "/"
    assert _released(review) == []


@pytest.mark.parametrize("sent_by", FOREIGN)
def test_a_foreign_sign_in_form_keeps_nothing_even_with_a_token_that_fits(
    apps: dict[str, Flask], sent_by: dict[str, str]
):
    """An attacker who plants their own cookie has a token that fits it."""
    review = apps["review"]
    case = _waiting_letter(review)
    client = review.test_client()
    (token,) = visit(client, "/sign-in").form.named("csrf_token")
    planted = {**PLANTED, "next": f"/cases/{case}/write", "csrf_token": token.value}
    planted |= {"email": hire(review, "director"), "password": "not the password"}
    door = page_of(client.post("/sign-in", data=planted, headers=HTML | sent_by))
    assert door.status in (400, 403)
    assert not [name for name in _names(door) if name.startswith("kept.")]
    assert f"/cases/{case}/write" not in door.html


@pytest.mark.parametrize("sent_by", FOREIGN)
@pytest.mark.parametrize("address", ["/sign-in", "/password/forgotten", "/password/unknown"])
def test_the_answer_to_a_foreign_form_replaces_no_cookie(
    apps: dict[str, Flask], address: str, sent_by: dict[str, str]
):
    """A browser sends no SameSite cookie with such a form, but would store one that it is given."""
    client = apps["review"].test_client()
    answer = client.post(address, data={"email": "a@b.example"}, headers=HTML | sent_by)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("sent_by", FOREIGN)
@pytest.mark.parametrize("address", ["/start", "/link", "/link/code", "/go/unknown", "/draft/link"])
def test_the_answer_to_a_foreign_form_keeps_the_key_of_a_proposer(
    apps: dict[str, Flask], address: str, sent_by: dict[str, str]
):
    client = apps["intake"].test_client()
    answer = client.post(address, data={"known": "x"}, headers=HTML | sent_by)
    assert answer.status_code < 500
    assert "Set-Cookie" not in answer.headers


ACTS = ["letter/release", "letter/discard", "take", "give-back", "hand-over", "pass-on", "reopen"]


@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_never_offered_again_after_signing_in(apps: dict[str, Flask], act: str):
    review = apps["review"]
    case = _waiting_letter(review)
    client = signed_in(review, "director")
    _expired(review)
    reason = "a reason that took half a morning"
    door = post(client, f"/cases/{case}/{act}", revision="2", reason=reason)
    assert door.status == 401
    entered = press(client, door, "/sign-in", email=hire(review, "director"), password=PASSWORD)
    assert not [form for form in entered.forms if form.action.startswith("/cases/")]
    assert _released(review) == []


def test_a_reason_is_back_in_its_form_and_nothing_was_discarded(apps: dict[str, Flask]):
    review = apps["review"]
    case = _waiting_letter(review)
    client = signed_in(review, "director")
    page = visit(client, f"/cases/{case}/letter")
    _expired(review)
    door = press(client, page, f"/cases/{case}/letter/discard", reason="It took so long")
    entered = press(client, door, "/sign-in", email=hire(review, "director"), password=PASSWORD)
    assert entered.response.headers["Location"] == f"/cases/{case}/letter"
    assert "It took so long" in visit(client, f"/cases/{case}/letter").text("textarea")
    assert count(review, Letter) == 1


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/account/password", {"current": "the old pass phrase", "new": "a brand new pass phrase"}),
        ("/people/invite", {"name": "Ada Lin", "email": "ada@office.example"}),
    ],
)
def test_passwords_and_accounts_do_not_travel(
    apps: dict[str, Flask], address: str, typed: dict[str, str]
):
    review = apps["review"]
    client = signed_in(review, "admin")
    _expired(review)
    door = post(client, address, **typed)
    assert all(value not in door.html for value in typed.values())
    entered = press(client, door, "/sign-in", email=hire(review, "admin"), password=PASSWORD)
    assert all(value not in entered.html for value in typed.values())


def test_only_the_kept_fields_of_a_form_travel_and_whose_they_are(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    page, path = visit(client, f"/cases/{case}"), f"/cases/{case}/write"
    _expired(review)
    door = press(client, page, path, text="Dear Pat, about", other="x y", password="p w")
    kept = {name.removeprefix("kept.") for name in _names(door) if name.startswith("kept.")}
    assert kept == {"text", "revision", "form", "case", "typed_by"}


def test_a_form_that_does_not_say_whose_it_is_hands_nothing_over(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    _expired(review)
    door = post(client, f"/cases/{case}/write", text="Dear Pat, about", typed_by="forged")
    assert door.status == 401 and "Dear Pat" not in door.html
