"""What the office types is never lost: a letter, a message, a note, a reason."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.review.models import Staff, StaffSession, UnsentText
from tests.apps import on_sqlite
from tests.factories import an_event, contents, count, rows
from tests.fakes import take
from tests.intake.browsing import HTML, Page, page_of
from tests.review.office import (
    case_of,
    do,
    let_time_pass,
    post,
    press,
    received,
    sign_in,
    signed_in,
    visit,
)

TEXT = "A long text that took a while to write, with <b>care</b>."
TEXTS = [
    ("write", "text"),
    ("note", "note"),
    ("hand-over", "reason"),
    ("pass-on", "reason"),
    ("reopen", "reason"),
    ("decision", "note"),
    ("letter", "text"),
    ("letter/discard", "reason"),
]
ON_THE_LETTER = ("letter", "letter/discard")


def page_with(client: FlaskClient, case: str, act: str) -> Page:
    """The page on which this act is offered."""
    if act in ON_THE_LETTER:
        do(client, case, "decision", kind="accept")
        return visit(client, f"/cases/{case}/letter")
    if act == "reopen":
        do(client, case, "decision", kind="decline", reason="demand_not_evidenced")
        do(signed_in(client.application, "director"), case, "letter/release")
    return visit(client, f"/cases/{case}/decision" if act == "decision" else f"/cases/{case}")


def keep(client: FlaskClient, page: Page, path: str, **typed: str) -> None:
    """What the script of the page posts while people type."""
    kept = press(client, page, path, **typed, go="keep")
    assert (kept.status, kept.html) == (200, "{}")


@on_sqlite
@pytest.mark.parametrize(("act", "field"), TEXTS)
def test_a_refused_form_shows_what_was_typed_and_can_be_sent_again(
    apps: dict[str, Flask], act: str, field: str
):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review, "lead", name="Lee Ode")
    signed_in(review, "triage", name="Tara Lindqvist")
    page, path = page_with(client, case, act), f"/cases/{case}/{act}"
    late = press(client, page, path, **{field: TEXT, "csrf_token": "of yesterday"})
    assert late.status == 400
    assert TEXT in late.text() and "<b>care" not in late.html
    long = press(client, page, path, **{field: TEXT + "x y " * 5000})
    assert long.status in (413, 422)
    assert long.status == 413 or TEXT in long.text()


@on_sqlite
def test_a_reason_whose_token_ran_out_is_sent_by_the_next_press(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review, "lead", name="Lee Ode")
    page = page_with(client, case, "letter/discard")
    path = f"/cases/{case}/letter/discard"
    late = press(client, page, path, reason=TEXT, csrf_token="of yesterday")
    assert press(client, late, path).status == 303
    assert TEXT in visit(client, f"/cases/{case}").text()


@on_sqlite
@pytest.mark.parametrize(("act", "field"), TEXTS)
def test_what_is_typed_is_kept_and_shown_again_to_nobody_else(
    apps: dict[str, Flask], act: str, field: str
):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review, "lead", name="Lee Ode")
    other = signed_in(review, "triage", name="Tara Lindqvist")
    page, path = page_with(client, case, act), f"/cases/{case}/{act}"
    keep(client, page, path, **{field: TEXT})
    here = page.response.request.path
    assert TEXT in visit(client, here).text() and "Not sent yet" in visit(client, here).text()
    assert TEXT not in visit(other, here).text()
    kept = visit(client, here)
    (form,) = [form for form in kept.forms if (form.action or here) == path]
    assert form.buttons[0] == ("go", "send"), "Enter in a field presses the first button"
    assert press(client, kept, path, go="discard").status == 303
    assert TEXT not in visit(client, here).text()


@on_sqlite
def test_a_text_that_was_sent_is_not_offered_again(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    page = visit(client, f"/cases/{case}")
    keep(client, page, f"/cases/{case}/note", note=TEXT)
    assert count(review, UnsentText) == 1
    press(client, visit(client, f"/cases/{case}"), f"/cases/{case}/note")
    assert count(review, UnsentText) == 0
    assert visit(client, f"/cases/{case}").text().count(TEXT) == 1


@on_sqlite
def test_a_session_that_ended_meanwhile_takes_nothing_of_the_text(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    page = visit(client, f"/cases/{case}")
    keep(client, page, f"/cases/{case}/write", text=TEXT)
    let_time_pass(review, StaffSession, "expires_at", by=lasts(review))
    assert visit(client, f"/cases/{case}").status == 303
    (member,) = rows(review, Staff)
    sign_in(client, member.email)
    assert TEXT in visit(client, f"/cases/{case}").text()


def lasts(app: Flask) -> timedelta:
    """How long a session lasts."""
    (row,) = rows(app, StaffSession)
    return timedelta(seconds=(row.expires_at - row.created_at).total_seconds())


@on_sqlite
def test_an_erasure_takes_what_was_typed_about_the_person_too(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    keep(client, visit(client, f"/cases/{case}"), f"/cases/{case}/note", note=TEXT)
    take(
        review, an_event("person.erased.v1", proposal_ids=[str(case_of(review, case).proposal_id)])
    )
    assert TEXT not in str(contents(review))


@on_sqlite
def test_keeping_a_text_needs_the_right_to_send_it_and_its_token(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client, auditor = signed_in(review), signed_in(review, "auditor")
    path = f"/cases/{case}/write"
    token = dict(visit(client, f"/cases/{case}").forms[0].data())["csrf_token"]
    assert post(auditor, path, text=TEXT, go="keep").status == 403
    assert post(client, path, text=TEXT, go="keep", csrf_token="forged").status == 400
    assert post(client, "/cases/AA2A-A2AA/write", text=TEXT, go="keep",
                csrf_token=token).status == 404  # fmt: skip
    assert count(review, UnsentText) == 0
    assert TEXT not in str(contents(review))


@on_sqlite
def test_a_letter_typed_before_a_colleague_changed_it_replaces_nothing(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client, other = signed_in(review, "lead"), signed_in(review, "triage")
    page = page_with(client, case, "letter")
    keep(client, page, f"/cases/{case}/letter", text=TEXT)
    theirs = "Words of the colleague, written meanwhile."
    changed = press(other, visit(other, f"/cases/{case}/letter"), f"/cases/{case}/letter",
                    text=theirs)  # fmt: skip
    assert changed.status == 303
    mine = press(client, visit(client, f"/cases/{case}/letter"), f"/cases/{case}/letter")
    assert mine.status == 409
    assert TEXT in mine.text()
    assert theirs in visit(other, f"/cases/{case}/letter").text()


@on_sqlite
def test_a_refused_form_of_another_site_is_not_offered_again(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    planted = {"text": "Words of a stranger", "csrf_token": "guessed"}
    answer = page_of(
        client.post(
            f"/cases/{case}/take", data=planted, headers=HTML | {"Origin": "https://evil.example"}
        )
    )
    assert answer.status in (400, 403)
    assert "Words of a stranger" not in answer.html


@on_sqlite
def test_a_text_longer_than_the_form_accepts_is_kept_whole(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client, long = signed_in(review, "lead"), "A long letter " * 2_000
    path = f"/cases/{case}/write"
    assert press(client, visit(client, f"/cases/{case}"), path, text=long, go="keep").status == 200
    assert long.strip() in visit(client, f"/cases/{case}").text("textarea")
