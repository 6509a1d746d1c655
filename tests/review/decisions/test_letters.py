"""A draft until it is released: refused when it is not whole, replaced, thrown away, forgotten."""

from datetime import date, timedelta

import pytest
from flask import Flask

from services.review import departures
from services.review.decisions import letters
from services.review.models import Audit, Case, Letter
from services.review.models.states import LetterKind
from shared import db, references
from shared.tables import now
from tests.apps import on_sqlite
from tests.factories import count, rows
from tests.fakes import carry, take
from tests.review.office import (
    case_of,
    do,
    hire,
    member,
    press,
    published,
    received,
    sent,
    signed_in,
    submitted,
    visit,
)

IN_A_YEAR = (now() + timedelta(days=365)).date()


def test_deciding_anew_takes_the_place_of_the_draft(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    triage = signed_in(review, "triage")
    do(triage, case, "decision", kind="accept")
    do(triage, case, "decision", kind="decline", reason="incomplete")
    (letter,) = rows(review, Letter)
    assert letter.kind == "decline"


def test_a_draft_that_is_thrown_away_leaves_the_case_as_it_was_and_its_reason_on_record(
    apps: dict[str, Flask],
):
    review = apps["review"]
    (case,) = received(review)
    triage = signed_in(review, "triage")
    before = published(review)
    do(triage, case, "decision", kind="accept")
    assert do(triage, case, "letter/discard", reason="").status == 422
    assert do(triage, case, "letter/discard", reason="We talk first.").status == 303
    assert count(review, Letter) == 0
    assert case_of(review, case).state == "triage"
    assert "We talk first." in visit(triage, f"/cases/{case}").text()
    assert visit(triage, f"/cases/{case}/letter").status == 404
    assert published(review) == before


WRONG: list[tuple[dict[str, str], str]] = [
    ({}, "Choose a decision"),
    ({"kind": "merge"}, "Choose a decision from the list"),
    ({"kind": "decline"}, "Choose a reason"),
    ({"kind": "accept", "reason": "incomplete"}, "“Accept” takes no reason, so it was cleared"),
    ({"kind": "accept", "until": "2099-01-04"}, "“Accept” takes no date"),
    ({"kind": "decline", "reason": "incomplete", "until": "2099-01-04"}, "“Decline” takes no"),
    ({"kind": "defer", "reason": "incomplete"}, "Choose one of these: No evidence of demand; "),
    ({"kind": "decline", "reason": "better_served_elsewhere"}, "Enter your own wording"),
    ({"kind": "decline", "reason": "no_such"}, "Choose a reason"),
    ({"kind": "decline", "reason": "capacity_this_term"}, "does not fit this decision"),
    ({"kind": "decline", "reason": "other"}, "Enter your own wording"),
    ({"kind": "defer", "reason": "incomplete"}, "does not fit this decision"),
    ({"kind": "defer", "reason": "capacity_this_term"}, "Enter a date in the future"),
    ({"kind": "defer", "reason": "capacity_this_term", "until": "2020-01-01"}, "Enter a date"),
    ({"kind": "defer", "reason": "capacity_this_term", "until": "soon"}, "Enter a date"),
    (
        {"kind": "defer", "reason": "capacity_this_term", "until": "2096-01-04"},
        "A case can be on hold for at most three years. Enter a date up to ",
    ),
    ({"kind": "accept", "note": "x" * 1001}, "at most 1,000 characters"),
    ({"kind": "accept", "note": "bell \x07"}, "can’t use"),
]


@on_sqlite
@pytest.mark.parametrize(("typed", "said"), WRONG)
def test_a_decision_that_is_not_whole_is_asked_again_with_all_that_was_typed(
    apps: dict[str, Flask], typed: dict[str, str], said: str
):
    review = apps["review"]
    (case,) = received(review)
    triage = signed_in(review, "triage")
    answer = do(triage, case, "decision", change="We would like to <i>see</i> numbers.", **typed)
    assert answer.status == 422
    assert said in answer.text()
    assert answer.text("title").startswith("Error:")
    form = answer.forms[1]
    assert form.named("change")[0].value == "We would like to <i>see</i> numbers."
    assert count(review, Letter) == 0 and case_of(review, case).state == "triage"


@on_sqlite
@pytest.mark.parametrize("typed", [{"subject": " "}, {"text": "\u200b"}, {"subject": "a\nb"},
                                   {"text": "x" * 8001}, {"subject": "x" * 201}])  # fmt: skip
def test_a_letter_that_cannot_be_sent_is_not_saved(apps: dict[str, Flask], typed: dict[str, str]):
    review = apps["review"]
    (case,) = received(review)
    triage = signed_in(review, "triage")
    do(triage, case, "decision", kind="accept")
    (before,) = rows(review, Letter)
    answer = do(triage, case, "letter", **typed)
    assert answer.status == 422
    (after,) = rows(review, Letter)
    assert (after.subject, after.text, after.version) == (before.subject, before.text, 1)


@on_sqlite
def test_placeholders_in_what_somebody_types_are_never_filled(apps: dict[str, Flask]):
    review = apps["review"]
    reference = references.new()
    answers = {"working_title": "{{contact_email}} {{#if x}}"}
    take(review, sent("partner-half-idea", reference=reference, answers=answers))
    triage = signed_in(review, "triage")
    do(
        triage,
        references.display(reference),
        "decision",
        kind=LetterKind.ACCEPT,
        note="{{name}} {% x %}",
    )
    (letter,) = rows(review, Letter)
    assert "“{{contact_email}} {{#if x}}" in letter.text
    assert "{{name}} {% x %}" in letter.text


@on_sqlite
def test_a_draft_whose_form_was_open_too_long_is_not_lost(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    triage = signed_in(review, "triage")
    page = visit(triage, f"/cases/{case}/decision")
    path = f"/cases/{case}/decision"
    answer = press(
        triage, page, path, csrf_token="old", kind=LetterKind.ACCEPT, note="My long note"
    )
    assert answer.status == 400
    assert "timed out" in answer.text()
    again = press(triage, answer, path)
    assert again.status == 303
    (letter,) = rows(review, Letter)
    assert "My long note" in letter.text


def test_the_work_functions_do_the_same_without_a_page(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    lead, director = (member(review, hire(review, role)) for role in ("lead", "director"))
    with review.app_context(), db.begin() as session:
        case_row = session.get_one(Case, case_of(review, case).id)
        decided = letters.Decision(kind=LetterKind.DECLINE, reason="incomplete")
        letters.draft(session, case_row, by=lead, decision=decided)
        letters.send(session, case_row, by=director)
        departures.leave_due(session, case_row)
    assert case_of(review, case).outcome == "declined"
    assert [row.action for row in rows(review, Audit)] == ["received", "draft", "send", "decline"]


def test_an_erased_case_has_no_letter_no_reason_and_no_words(apps: dict[str, Flask]):
    review = apps["review"]
    case = submitted(apps)
    director = signed_in(review, "director")
    do(director, case, "write", text="Dear canary, how are you?")
    do(director, case, "decision", kind="accept", note="canary")
    do(director, case, "letter/discard", reason="Spoke with canary")
    do(director, case, "decision", kind="accept")
    do(director, case, "letter/release")
    address = case_of(review, case).people[0]["address"]
    done = apps["intake"].test_cli_runner().invoke(args=["person", "erase", address, "--yes"])
    assert done.exit_code == 0, done.output
    carry(apps)
    case_row = rows(review, Case)[0]
    assert (case_row.state, case_row.search_text, case_row.due_on) == ("erased", "", date.max)
    assert count(review, Letter) == 0
    assert {row.reason for row in rows(review, Audit)} == {""}
    assert visit(director, f"/cases/{case}").status == 404
