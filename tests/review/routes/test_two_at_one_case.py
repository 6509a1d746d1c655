"""Two people at one case: the second is shown what the first did and loses nothing she typed."""

import pytest
from flask import Flask

from services.review.models import Letter
from services.review.permissions import CASE_ACTS
from services.review.routes import edit_conflict
from tests.apps import on_sqlite
from tests.factories import an_event, rows
from tests.fakes import take
from tests.review.office import (
    CHANGED,
    case_of,
    do,
    post,
    press,
    published,
    received,
    signed_in,
    visit,
)

TYPED = "A long message that took a while to write, with <b>care</b>."


def test_the_second_person_sees_the_first_change_and_keeps_their_text(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    first = signed_in(review, "triage", name="Renee Castellano")
    second = signed_in(review, "lead", name="Lee Ode")
    seen_before = visit(second, f"/cases/{case}")
    do(first, case, "take")

    answer = press(second, seen_before, f"/cases/{case}/write", text=TYPED)

    assert answer.status == 409
    assert "Became the owner" in answer.text() and "Renee Castellano" in answer.text()
    assert TYPED in answer.text()
    assert "<b>care" not in answer.html
    assert TYPED not in visit(first, f"/cases/{case}").text()
    assert "Send message" in answer.text("button") and "anyway" not in answer.text("button")
    again = press(second, answer, f"/cases/{case}/write")
    assert again.status == 303
    assert TYPED in visit(first, f"/cases/{case}").text()


def test_two_who_take_a_case_at_once_are_one_owner(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    first, second = signed_in(review, "triage"), signed_in(review, "assessor")
    pages = [visit(client, f"/cases/{case}") for client in (first, second)]
    path = f"/cases/{case}/take"
    assert press(first, pages[0], path).status == 303
    later = press(second, pages[1], path)
    assert later.status == 409
    assert "Triage Person is the owner now. Nothing has been changed." in later.text("p")
    assert [form.action for form in later.forms] == ["/sign-out"]
    assert "View the case" in later.text("a")
    fresh = visit(second, f"/cases/{case}")
    (form,) = [form for form in fresh.forms if form.action == f"/cases/{case}/write"]
    shown = {name: value for name, value in form.data() if name in ("csrf_token", "revision")}
    stubborn = post(second, path, **shown)
    assert stubborn.status == 409
    assert "owns this case already" in stubborn.text()
    assert case_of(review, case).owner_id is not None
    assert len(published(review)) == 2


def test_a_letter_that_was_sent_cannot_be_edited_or_sent_again(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    writer = signed_in(review, "triage", name="Renee Castellano")
    lead = signed_in(review, "lead", name="Virginia Haas")
    do(writer, case, "decision", kind="accept")
    pages = [visit(client, f"/cases/{case}/letter") for client in (writer, lead)]
    do(signed_in(review, "lead", name="Virginia Haas"), case, "letter/release")
    edited = press(writer, pages[0], f"/cases/{case}/letter", text="Better words, too late.")
    again = press(lead, pages[1], f"/cases/{case}/letter/release")
    for answer in (edited, again):
        assert answer.status == 409
        assert "This letter was already sent by Virginia Haas on " in answer.text("p")
        assert [form.action for form in answer.forms] == ["/sign-out"]
        assert "View the letter" in answer.text("a")
    assert "Better words, too late." in edited.text()
    assert len(rows(review, Letter)) == 1


def test_of_two_decisions_the_second_person_still_reads_the_one_they_chose(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    first, second = signed_in(review), signed_in(review, "lead", name="Lee Ode")
    shown = visit(second, f"/cases/{case}/decision")
    do(first, case, "decision", kind="accept")
    answer = press(second, shown, f"/cases/{case}/decision", kind="decline", reason="incomplete")
    assert answer.status == 409
    assert "Decision: Decline Reason: Too much is missing" in answer.text("div")
    assert press(second, answer, f"/cases/{case}/decision").status == 303
    assert rows(review, Letter)[0].kind == "decline"


def test_a_double_click_does_it_once(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    page = visit(client, f"/cases/{case}")
    for _ in range(2):
        press(client, page, f"/cases/{case}/write", text="Only once, please.")
    assert visit(client, f"/cases/{case}").text().count("Only once, please.") == 1


def test_what_is_released_is_what_was_read(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    writer, director = signed_in(review, "triage"), signed_in(review, "director")
    do(writer, case, "decision", kind="accept")
    read = visit(director, f"/cases/{case}/letter")
    do(writer, case, "letter", text="Something else entirely.")
    answer = press(director, read, f"/cases/{case}/letter/release")
    assert answer.status == 409
    assert "Edited the letter" in answer.text()
    assert rows(review, Letter)[0].released_at is None


def test_an_amendment_of_the_proposer_is_seen_before_a_decision(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    page = visit(client, f"/cases/{case}/decision")
    case_row = case_of(review, case)
    take(review, an_event(CHANGED, proposal_id=case_row.proposal_id, reference=case_row.reference,
                          version=5, state="amended"))  # fmt: skip
    answer = press(client, page, f"/cases/{case}/decision", kind="accept", note=TYPED)
    assert answer.status == 409
    assert "Proposer changed the answers" in answer.text()
    assert TYPED in answer.text()


@on_sqlite
@pytest.mark.parametrize("revision", ["", "x", "-1", "1e3", "9" * 5000, "٣", "0"])
def test_a_revision_that_no_page_has_shown_changes_nothing(apps: dict[str, Flask], revision: str):
    review = apps["review"]
    (case,) = received(review)
    client = signed_in(review)
    page = visit(client, f"/cases/{case}")
    answer = press(client, page, f"/cases/{case}/take", revision=revision)
    assert answer.status in (409, 422)
    assert case_of(review, case).owner_id is None


@on_sqlite
def test_a_letter_sent_again_after_its_error_does_not_replace_a_colleagues(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    writer, lead = signed_in(review), signed_in(review, "lead", name="Lee Ode")
    do(writer, case, "decision", kind="decline", reason="incomplete")
    path = f"/cases/{case}/letter"
    seen_before = visit(lead, path)
    press(writer, visit(writer, path), path, text="Dear Dolores,\n\nThe words of a colleague.")

    refused = press(lead, seen_before, path, text=" ")
    assert refused.status == 422
    again = press(lead, refused, path, text="Dear Dolores,\n\nOther words.")

    assert again.status == 409
    assert "The words of a colleague." in visit(lead, path).text("article")


def test_the_button_of_a_conflict_is_named_after_its_act():
    assert set(CASE_ACTS.values()) <= set(edit_conflict.BUTTONS)
