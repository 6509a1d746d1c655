"""A drafted letter is replaced only by people who see that there is one, and whose words it has."""

from flask import Flask
from flask.testing import FlaskClient

from services.review.models import Letter
from tests.apps import on_sqlite
from tests.factories import rows
from tests.intake.browsing import Page
from tests.review.office import do, press, received, signed_in, visit

pytestmark = on_sqlite

HERS = "Dear Dolores,\n\nWords that Renata chose."
MINE = "Dear Dolores,\n\nWords that Tom chose."


def _two(review: Flask) -> tuple[str, FlaskClient, FlaskClient]:
    """A case and two colleagues."""
    (case,) = received(review)
    renata = signed_in(review, "triage", name="Renata Kowalczyk")
    return case, renata, signed_in(review, "lead", name="Tom Delacroix")


def _edit_at_once(review: Flask) -> tuple[str, FlaskClient, Page]:
    """Renata has edited the letter that Tom edits; the page that Tom gets."""
    case, renata, tom = _two(review)
    do(renata, case, "decision", kind="accept")
    path = f"/cases/{case}/letter"
    shown = visit(tom, path)
    press(renata, visit(renata, path), path, subject="Her subject", text=HERS)
    return path, tom, press(tom, shown, path, subject="My subject", text=MINE)


def test_the_decision_form_says_that_there_is_a_letter_already(apps: dict[str, Flask]):
    case, renata, tom = _two(apps["review"])
    path = f"/cases/{case}/decision"
    before = visit(tom, path)
    assert "Create letter" in before.text("button") and "drafted already" not in before.text()
    do(renata, case, "decision", kind="accept")
    page = visit(tom, path)
    assert "A letter is drafted already (by Renata Kowalczyk, " in page.text()
    assert "Creating a new one replaces it and everything edited in it." in page.text()
    assert f"/cases/{case}/letter" in page.links
    assert "Replace letter" in page.text("button")
    assert "Create letter" not in page.text("button")
    refused = press(tom, page, path, kind="decline", reason="")
    assert refused.status == 422 and "A letter is drafted already" in refused.text()


def test_a_letter_edited_meanwhile_is_not_replaced_unseen(apps: dict[str, Flask]):
    case, renata, tom = _two(apps["review"])
    do(renata, case, "decision", kind="accept")
    path = f"/cases/{case}/decision"
    shown = visit(tom, path)
    do(renata, case, "letter", text=HERS)
    answer = press(tom, shown, path, kind="decline", reason="incomplete")
    assert answer.status == 409
    assert "Words that Renata chose." in answer.text("article")
    assert "Replace letter" in answer.text("button")
    assert press(tom, answer, path).status == 303
    (letter,) = rows(apps["review"], Letter)
    assert letter.kind == "decline"


def test_of_two_edits_both_versions_are_shown_and_the_second_can_be_changed(
    apps: dict[str, Flask],
):
    path, tom, answer = _edit_at_once(apps["review"])
    assert answer.status == 409
    assert "Her subject" in answer.text("article")
    assert "Words that Renata chose." in answer.text("article")
    (form,) = [form for form in answer.forms if form.action == path]
    shown = dict(form.data())
    assert (shown["subject"], shown["text"]) == ("My subject", MINE)
    assert {control.kind for control in form.named("subject")} == {"text"}
    assert "Replace Renata Kowalczyk’s version" in answer.text("button")
    assert press(tom, answer, path, text=f"{MINE} And hers.").status == 303
    (letter,) = rows(apps["review"], Letter)
    assert (letter.subject, letter.text) == ("My subject", f"{MINE} And hers.")


def test_a_version_that_is_refused_replaces_nothing(apps: dict[str, Flask]):
    path, tom, answer = _edit_at_once(apps["review"])
    refused = press(tom, answer, path, subject="")
    assert refused.status == 422
    (letter,) = rows(apps["review"], Letter)
    assert (letter.subject, letter.text) == ("Her subject", HERS)


def test_a_letter_that_nobody_else_changed_is_saved_without_replacing(apps: dict[str, Flask]):
    case, renata, tom = _two(apps["review"])
    do(renata, case, "decision", kind="accept")
    path = f"/cases/{case}/letter"
    shown = visit(tom, path)
    do(renata, case, "note", note="Please have a look.")
    answer = press(tom, shown, path, text=MINE)
    assert answer.status == 409
    assert "Save and preview" in answer.text("button") and "Replace" not in answer.text("button")
    assert press(tom, answer, path).status == 303


def test_a_letter_changed_meanwhile_is_read_before_it_is_sent(apps: dict[str, Flask]):
    case, renata, tom = _two(apps["review"])
    do(renata, case, "decision", kind="accept")
    shown = visit(tom, f"/cases/{case}/letter")
    do(renata, case, "letter", text=HERS)
    answer = press(tom, shown, f"/cases/{case}/letter/release")
    assert "Words that Renata chose." in answer.text("article")
    assert "Send letter" in answer.text("button")
