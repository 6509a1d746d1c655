"""An act whose form is refused comes back on the page where it stands, with what was typed."""

import pytest
from flask import Flask

from services.review.models import Audit
from tests.apps import on_sqlite
from tests.factories import count
from tests.review.office import case_of, do, hire, received, signed_in, visit

# the act, what is typed, and the line of the summary for each field that it names
REFUSED: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "reassign without a colleague": (
        "hand-over",
        {"reason": "You know steel best."},
        {"to": "New owner: Choose a colleague."},
    ),
    "transfer without an office": (
        "pass-on",
        {"reason": "They run the night school."},
        {"office": "Office: Choose an office."},
    ),
    "transfer without a reason": (
        "pass-on",
        {"office": "regional"},
        {"transfer-reason": "Reason: Enter a reason."},
    ),
    "transfer with nothing": (
        "pass-on",
        {},
        {"office": "Office: Choose an office.", "transfer-reason": "Reason: Enter a reason."},
    ),
    "note with nothing": ("note", {}, {"note": "Note: Enter a note."}),
}


def as_owner(app: Flask):
    (case,) = received(app)
    client = signed_in(app, "triage", name="Renee Castellano")
    hire(app, "assessor", name="Lee Ode")
    do(client, case, "take")
    return client, case


@pytest.mark.parametrize("refused", REFUSED)
@on_sqlite
def test_a_refused_act_shows_its_error_at_the_field(apps: dict[str, Flask], refused: str):
    review = apps["review"]
    client, case = as_owner(review)
    act, typed, lines = REFUSED[refused]
    before = count(review, Audit)
    answer = do(client, case, act, **typed)
    assert answer.status == 422
    assert answer.text("title").startswith("Error: ")
    (summary,) = [given for given in answer.attributes("section") if given.get("id") == "errors"]
    assert "autofocus" in summary
    links = {given["href"].removeprefix("#") for given in answer.attributes("a")}
    invalid = {
        given["id"]
        for tag in ("select", "textarea")
        for given in answer.attributes(tag)
        if "aria-invalid" in given
    }
    assert invalid == set(lines) and invalid <= links
    for line in lines.values():
        assert line in answer.text("li")
    for text in typed.values():
        assert text in answer.html
    assert ("Everything you typed is still here" in answer.text()) == bool(typed)
    assert "Go to the start page" not in answer.text()
    assert count(review, Audit) == before


@on_sqlite
def test_the_form_of_a_refused_act_is_open_and_the_others_are_not(apps: dict[str, Flask]):
    client, case = as_owner(apps["review"])
    answer = do(client, case, "pass-on", office="regional")
    folded = answer.html.split("<details")[1:]
    opened = [part for part in folded if part.startswith((" open", ' class="card sheet" open'))]
    assert len(opened) == 1 and "Transfer to another office" in opened[0]
    assert '<option value="regional" selected>' in opened[0]


@on_sqlite
def test_an_act_can_be_sent_again_from_the_page_that_names_the_error(apps: dict[str, Flask]):
    review = apps["review"]
    client, case = as_owner(review)
    assert do(client, case, "pass-on", office="regional").status == 422
    assert do(client, case, "pass-on", office="regional", reason="Theirs.").status == 303
    assert case_of(review, case).office == "regional"


@on_sqlite
@pytest.mark.parametrize(("act", "where"), [("letter/discard", "/letter"), ("reopen", "")])
def test_a_reason_that_is_missing_is_asked_for_where_the_act_stands(
    apps: dict[str, Flask], act: str, where: str
):
    review = apps["review"]
    (case,) = received(review)
    writer, lead = signed_in(review), signed_in(review, "lead", name="Lee Ode")
    do(writer, case, "decision", kind="decline", reason="incomplete")
    if act == "reopen":
        do(lead, case, "letter/release")
    answer = do(lead, case, act, reason=" ")
    assert answer.status == 422
    assert "Reason: Enter a reason." in answer.text("li")
    assert answer.text("h1") == visit(lead, f"/cases/{case}{where}").text("h1")


@on_sqlite
def test_an_act_that_timed_out_keeps_what_was_typed(apps: dict[str, Flask]):
    client, case = as_owner(apps["review"])
    answer = do(client, case, "pass-on", reason="They run the night school.", csrf_token="old")
    assert answer.status == 400
    assert "They run the night school." in answer.html
