"""A session that ended while somebody typed: the text is back in its form, for them alone."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.review.models import Letter, Note, Post, StaffSession, UnsentText
from services.review.staff import sessions
from shared.tables import now
from tests.apps import on_sqlite
from tests.factories import contents, count, rows
from tests.intake.browsing import Page
from tests.review.office import (
    PASSWORD,
    change_staff,
    do,
    hire,
    let_time_pass,
    post,
    press,
    received,
    sign_in,
    signed_in,
    visit,
)

pytestmark = on_sqlite

TEXT = "A long text that took a while to write, with <b>care</b>."
RENATA, TOM = "Renata Kowalczyk", "Tom Delacroix"
FORMS = [
    ("write", "", {"text": TEXT}),
    ("note", "", {"note": TEXT}),
    ("hand-over", "", {"reason": TEXT}),
    ("pass-on", "", {"reason": TEXT}),
    ("letter", "/letter", {"subject": "A subject", "text": TEXT}),
    ("letter/discard", "/letter", {"reason": TEXT}),
    (
        "decision",
        "/decision",
        {"kind": "defer", "reason": "capacity_this_term", "wording": TEXT, "note": "And more",
         "until": (now() + timedelta(days=90)).date().isoformat()},
    ),
]  # fmt: skip


def _timed_out(
    review: Flask, act: str, at: str, typed: dict[str, str]
) -> tuple[str, Page, FlaskClient]:
    """Renata presses the button of a form after her session ended: the case, and what she gets."""
    (case,) = received(review)
    signed_in(review, "triage", name=TOM)
    renata = signed_in(review, "lead", name=RENATA)
    if at == "/letter":
        do(renata, case, "decision", kind="accept")
    page = visit(renata, f"/cases/{case}{at}")
    let_time_pass(review, StaffSession, "seen_at", sessions.IDLE)
    door = press(renata, page, f"/cases/{case}/{act}", **typed)
    assert door.status == 401
    return case, door, renata


def _enter(client: FlaskClient, door: Page, role: str, name: str) -> Page:
    email = hire(client.application, role, name=name)
    return press(client, door, "/sign-in", email=email, password=PASSWORD)


@pytest.mark.parametrize(("act", "at", "typed"), FORMS)
def test_the_text_is_back_in_its_fields_and_nothing_was_sent(
    apps: dict[str, Flask], act: str, at: str, typed: dict[str, str]
):
    review = apps["review"]
    case, door, renata = _timed_out(review, act, at, typed)
    assert "Sign in, and it is back in its form." in door.text()
    entered = _enter(renata, door, "lead", RENATA)
    assert (entered.status, entered.response.headers["Location"]) == (303, f"/cases/{case}{at}")
    assert (count(review, Note), count(review, Post)) == (0, 0)
    page = visit(renata, f"/cases/{case}{at}")
    assert "Not sent yet. You typed this" in page.text()
    here = page.response.request.path
    (form,) = [form for form in page.forms if (form.action or here) == f"/cases/{case}/{act}"]
    shown = dict(form.data())
    assert {name: shown[name] for name in typed} == typed


@pytest.mark.parametrize(("act", "at", "typed"), FORMS)
def test_somebody_else_at_that_browser_gets_nothing_of_it(
    apps: dict[str, Flask], act: str, at: str, typed: dict[str, str]
):
    review = apps["review"]
    case, door, client = _timed_out(review, act, at, typed)
    entered = _enter(client, door, "triage", TOM)
    assert entered.status == 200
    assert "what they typed was not kept for you" in entered.text()
    assert TEXT not in entered.text() and "<b>care" not in entered.html
    assert count(review, UnsentText) == 0
    assert TEXT not in visit(client, f"/cases/{case}{at}").text()
    assert TEXT not in str(contents(review))


def test_a_wrong_password_at_the_door_loses_nothing(apps: dict[str, Flask]):
    review = apps["review"]
    case, door, renata = _timed_out(review, "write", "", {"text": TEXT})
    email = hire(review, "lead", name=RENATA)
    again = press(renata, door, "/sign-in", email=email, password="not the password")
    assert again.status == 422
    _enter(renata, again, "lead", RENATA)
    assert TEXT in visit(renata, f"/cases/{case}").text("textarea")


def test_a_letter_that_a_colleague_edited_meanwhile_is_not_replaced(apps: dict[str, Flask]):
    review = apps["review"]
    case, door, renata = _timed_out(review, "letter", "/letter", {"text": TEXT})
    do(signed_in(review, "triage", name=TOM), case, "letter", text="The words of Tom.")
    _enter(renata, door, "lead", RENATA)
    path = f"/cases/{case}/letter"
    assert press(renata, visit(renata, path), path).status == 409
    (letter,) = rows(review, Letter)
    assert letter.text == "The words of Tom."


def test_what_cannot_be_sent_anymore_is_shown_with_its_labels_to_copy(apps: dict[str, Flask]):
    review = apps["review"]
    case, door, renata = _timed_out(
        review, "decision", "/decision", {"kind": "accept", "wording": "", "note": TEXT}
    )
    change_staff(review, hire(review, "lead", name=RENATA), role="auditor")
    entered = _enter(renata, door, "auditor", RENATA)
    assert entered.status == 200
    assert "Anything to add" in entered.text("h2") and TEXT in entered.text()
    assert count(review, UnsentText) == 0


def test_a_form_says_whose_it_is_only_for_its_own_case(apps: dict[str, Flask]):
    """The note of one case stores no text in another."""
    review = apps["review"]
    case, other = received(review, 2)
    renata = signed_in(review, "lead", name=RENATA)
    page = visit(renata, f"/cases/{case}")
    (form,) = [form for form in page.forms if form.action == f"/cases/{case}/note"]
    note = dict(form.data())["typed_by"]
    let_time_pass(review, StaffSession, "seen_at", sessions.IDLE)
    for path, typed_by in ((f"/cases/{other}/note", note), (f"/cases/{case}/note", "forged")):
        door = post(renata, path, note=TEXT, typed_by=typed_by, revision="1")
        assert door.status == 401 and TEXT not in door.html
    _enter(renata, door, "lead", RENATA)
    assert count(review, UnsentText) == 0


def test_a_text_is_saved_from_the_old_page_after_signing_in_in_a_new_tab(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review, "lead", name=RENATA)
    tom = hire(review, "triage", name=TOM)
    page, path = visit(client, f"/cases/{case}"), f"/cases/{case}/write"
    let_time_pass(review, StaffSession, "seen_at", sessions.IDLE)
    assert press(client, page, path, text=TEXT, go="keep").status == 401
    sign_in(client, tom)
    assert press(client, page, path, text=TEXT, go="keep").status == 401
    assert count(review, UnsentText) == 0
    let_time_pass(review, StaffSession, "seen_at", sessions.IDLE)
    sign_in(client, hire(review, "lead", name=RENATA))
    assert press(client, page, path, text=TEXT, go="keep").status == 200
    assert TEXT in visit(client, f"/cases/{case}").text("textarea")
