"""Sessions are rows: they begin at the door, end by themselves or by somebody, and lose no text."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from services.review.models import StaffSession
from services.review.staff import sessions
from tests.apps import on_sqlite
from tests.factories import count
from tests.review.office import (
    PASSWORD,
    change_staff,
    hire,
    let_time_pass,
    post,
    press,
    received,
    sign_in,
    signed_in,
    visit,
)


def test_signing_in_gives_a_new_id_and_the_old_cookie_opens_nothing(apps: dict[str, Flask]):
    review = apps["review"]
    client = review.test_client()
    page = visit(client, "/sign-in")
    before = client.get_cookie("review")
    token = page.form.named("csrf_token")[0].value
    sign_in(client, hire(review, "triage"))
    after = client.get_cookie("review")
    assert before is not None and after is not None and before.value != after.value

    fixed = review.test_client()
    fixed.set_cookie("review", before.value)
    assert visit(fixed, "/").status == 303
    assert post(client, "/sign-out", csrf_token=token).status == 400  # it turned at the door
    assert visit(client, "/").status == 200


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(apps: dict[str, Flask]):
    review = apps["review"]
    client = signed_in(review)
    kept = client.get_cookie("review")
    assert kept is not None
    left = press(client, visit(client, "/"), "/sign-out")
    assert left.response.headers["Location"] == "/sign-in?out=yes"
    assert count(review, StaffSession) == 0
    thief = review.test_client()
    thief.set_cookie("review", kept.value)
    assert visit(thief, "/").status == 303


@pytest.mark.parametrize("how", [{"role": "auditor"}, {"active": False}])
def test_deactivation_or_a_new_role_ends_sessions_at_once(
    apps: dict[str, Flask], how: dict[str, Any]
):
    review = apps["review"]
    client = signed_in(review)
    change_staff(review, hire(review, "triage"), **how)
    assert visit(client, "/").response.headers["Location"] == "/sign-in"


@pytest.mark.parametrize(
    ("column", "age"),
    [("seen_at", sessions.IDLE), ("created_at", None), ("expires_at", sessions.MAX_LIFETIME)],
)
def test_a_session_ends_after_half_an_hour_of_silence_and_after_twelve_hours(
    apps: dict[str, Flask], column: str, age: timedelta | None
):
    review = apps["review"]
    client = signed_in(review)
    let_time_pass(review, StaffSession, column, age or timedelta(hours=11))
    assert visit(client, "/").status == (303 if age else 200)


def test_a_sign_of_life_keeps_the_session(apps: dict[str, Flask]):
    review = apps["review"]
    client = signed_in(review)
    for _ in range(3):
        let_time_pass(review, StaffSession, "seen_at", timedelta(minutes=20))
        assert visit(client, "/").status == 200


@on_sqlite
@pytest.mark.parametrize("cookie", ["", "x", "eyJfdXNlcl9pZCI6ImFiYyJ9.aaaaaa.bbbbbb", "\xff" * 40])
def test_a_forged_cookie_signs_nobody_in(apps: dict[str, Flask], cookie: str):
    client = apps["review"].test_client()
    client.set_cookie("review", cookie)
    assert visit(client, "/").status == 303


@on_sqlite
def test_a_cookie_of_the_key_before_is_accepted_while_keys_are_rotated(apps: dict[str, Flask]):
    review = apps["review"]
    client = signed_in(review)
    old, review.secret_key = review.secret_key, "a new and longer secret key"
    assert visit(client, "/").status == 303
    client = review.test_client()
    review.secret_key = old
    client = signed_in(review)
    review.secret_key, review.config["SECRET_KEY_FALLBACKS"] = "another new secret key", [old]
    assert visit(client, "/").status == 200


def test_what_was_typed_when_the_session_ran_out_is_there_after_signing_in(
    apps: dict[str, Flask],
):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    page = visit(client, f"/cases/{case}")
    let_time_pass(review, StaffSession, "seen_at", sessions.IDLE)
    typed = "A long answer <b>that</b> took\nhalf a morning to write"

    door = press(client, page, f"/cases/{case}/write", text=typed)
    assert door.status == 401
    assert "still here" in door.text()
    again = press(client, door, "/sign-in", email=hire(review, "triage"), password=PASSWORD)
    assert again.response.headers["Location"] == f"/cases/{case}"
    back = visit(client, f"/cases/{case}")
    assert "<b>that" not in back.html
    assert " ".join(typed.split()) in back.text("textarea")
    assert "Not sent yet" in back.text()


@on_sqlite
def test_only_a_page_of_ours_may_hand_over_what_was_typed(apps: dict[str, Flask]):
    client = apps["review"].test_client()
    for site, status in (("cross-site", 403), ("same-site", 403), ("none", 303), ("", 403)):
        typed, said = {"text": "typed"}, {"Sec-Fetch-Site": site}
        answer = client.post("/cases/x/write", data=typed, headers=said)
        assert (answer.status_code, "typed" in answer.text) == (status, False)
