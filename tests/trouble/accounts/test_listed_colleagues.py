"""A colleague who is listed on a proposal reads what its proposer may, and nothing about it."""

from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine
from sqlalchemy import text as sql

from shared import references, strict_json
from tests.apps import on_sqlite
from tests.fakes import take
from tests.intake.browsing import Page
from tests.review.office import (
    do,
    hire,
    post,
    sent,
    signed_in,
    visit,
)

NOTE = "She always asks for too much money"
LETTER = "We regret that your plan is weak"
REASON = "Nobody else wants to read this one"
HIDDEN = "Quinn Abernathy"
ADDRESS = "q.abernathy@elsewhere.example"
LISTED = "You’re listed on this proposal"
MIGRATIONS = "services.review.migrations.versions"


def _case(review: Flask, *people: tuple[str, str]) -> str:
    """A case whose proposal lists these people after its proposer."""
    reference = references.new()
    listed = [{"name": name, "address": address} for name, address in people]
    first = {"name": "Ray Okafor", "address": "ray@okafor.example"}
    answers = {
        "co_proposers": [{"name": one["name"], "email": one["address"]} for one in listed]
    } if listed else {}  # fmt: skip
    roles = ["proposer", *["co_proposer"] * len(listed)]
    on_it = [
        {**each, "person_id": str(uuid4()), "role": role, "state": "active"}
        for each, role in zip([first, *listed], roles, strict=True)
    ]
    take(
        review,
        sent(
            "partner-half-idea",
            proposal_id=uuid4(),
            reference=reference,
            people=on_it,
            answers=answers,
        ),
    )
    return references.display(reference)


def _decided(review: Flask) -> tuple[str, FlaskClient]:
    """A case with a note, a handed-over reason and a draft; and the lead who is listed on it."""
    email = hire(review, "lead", name="Lena Ortiz")
    case = _case(review, ("Lena Ortiz", email))
    director = signed_in(review, "director")
    do(director, case, "take")
    assert do(director, case, "note", note=NOTE).status == 303
    assert do(director, case, "decision", kind="accept").status == 303
    assert do(director, case, "letter", subject="Our decision", text=LETTER).status == 303
    return case, signed_in(review, "lead", name="Lena Ortiz")


def test_notes_drafts_flags_and_reasons_are_not_on_the_page(apps: dict[str, Flask]):
    review = apps["review"]
    case, lena = _decided(review)
    page = visit(lena, f"/cases/{case}")
    assert page.status == 200
    for secret in (NOTE, "Internal notes", "Drafted a letter", "View draft letter", "Viewed by"):
        assert secret not in page.html, secret
    assert LISTED in page.text()
    assert "Became the owner" in page.text() and "Conversation" in page.text()
    assert "Ray Okafor" in page.text()


def test_the_letter_is_read_when_it_is_sent_and_not_before(apps: dict[str, Flask]):
    review = apps["review"]
    case, lena = _decided(review)
    before = visit(lena, f"/cases/{case}/letter")
    assert before.status == 200 and LETTER not in before.html
    assert f"{LISTED}, so a colleague must send it." in before.text()
    assert "Only a lead or director" not in before.text()
    assert [form.action for form in before.forms] == ["/sign-out"]
    do(signed_in(review, "director", name="Other Director"), case, "letter/release")
    after = visit(lena, f"/cases/{case}/letter")
    assert LETTER in after.text() and "so a colleague must send it" not in after.text()


@pytest.mark.parametrize("act", ["letter", "note", "letter/discard", "write"])
def test_a_form_that_is_not_whole_or_too_old_shows_nothing_either(apps: dict[str, Flask], act: str):
    review = apps["review"]
    case, lena = _decided(review)
    (token,) = {form.named("csrf_token")[0].value for form in visit(lena, "/").forms[:1]}
    for typed in ({"revision": "1"}, {"revision": "1", "text": "x", "note": "x", "reason": "x"}):
        page = post(lena, f"/cases/{case}/{act}", csrf_token=token, subject="x", **typed)
        assert page.status in (403, 409, 422)
        for secret in (NOTE, LETTER, "Drafted a letter", "Added an internal note"):
            assert secret not in page.html, (act, secret)


def test_colleagues_who_are_not_listed_read_everything(apps: dict[str, Flask]):
    review = apps["review"]
    case, _ = _decided(review)
    page = visit(signed_in(review, "lead", name="Not Listed"), f"/cases/{case}")
    assert NOTE in page.text() and "Drafted a letter" in page.text()
    assert LISTED not in page.text()
    assert (
        LETTER
        in visit(signed_in(review, "lead", name="Not Listed"), f"/cases/{case}/letter").text()
    )


def test_the_queue_shows_a_listed_colleague_no_flags(apps: dict[str, Flask]):
    review = apps["review"]
    case, lena = _decided(review)
    rows = {"lena": visit(lena, "/"), "other": visit(signed_in(review, "director"), "/")}
    flags = {name: _classes(page, "flag") for name, page in rows.items()}
    assert case in rows["lena"].text()
    assert flags["other"] and not flags["lena"]


def _classes(page: Page, name: str) -> list[dict[str, str]]:
    return [each for each in page.attributes("span") if name in each.get("class", "").split()]


@pytest.mark.parametrize("role", ["auditor", "assessor"])
@pytest.mark.parametrize("typed", [ADDRESS, HIDDEN, "abernathy elsewhere", "q."])
def test_the_search_finds_no_case_by_a_hidden_person(apps: dict[str, Flask], role: str, typed: str):
    review = apps["review"]
    case = _case(review, (HIDDEN, ADDRESS))
    reader, lead = signed_in(review, role), signed_in(review, "lead")
    assert case in visit(lead, "/", q=typed, tab="all").html
    assert case not in visit(reader, "/", q=typed, tab="all").html
    assert case in visit(reader, "/", q="okafor", tab="all").html


@pytest.mark.parametrize("role", ["auditor", "assessor"])
def test_who_else_is_part_of_it_is_not_told_to_roles_that_may_not_read_it(
    apps: dict[str, Flask], role: str
):
    review = apps["review"]
    case = _case(review, (HIDDEN, ADDRESS))
    page = visit(signed_in(review, role), f"/cases/{case}")
    assert page.status == 200
    assert HIDDEN not in page.html and ADDRESS not in page.html
    assert HIDDEN in visit(signed_in(review, "triage"), f"/cases/{case}").text()


@on_sqlite
def test_an_assessor_finds_and_reads_the_people_of_a_case_of_their_own(apps: dict[str, Flask]):
    review = apps["review"]
    case = _case(review, (HIDDEN, ADDRESS))
    client = signed_in(review, "assessor")
    do(client, case, "take")
    assert case in visit(client, "/", q=ADDRESS, tab="all").html
    assert HIDDEN in visit(client, f"/cases/{case}").text()


def test_cases_of_an_earlier_release_hide_these_people_after_the_upgrade(tmp_path: Path):
    text = "hk4t-w7rb\nreading\nokafor\nray ray@a.example\nquinn q@b.example\nwe read drawings"
    people = [
        {"name": "Ray", "address": "ray@a.example"},
        {"name": "Quinn", "address": "q@b.example"},
    ]
    engine = create_engine(f"sqlite:///{tmp_path}/cases.db")
    with engine.begin() as link:
        link.execute(sql("CREATE TABLE cases (id CHAR(32), people JSON, search_text TEXT)"))
        for given in (people, people[:1]):
            row = {"id": uuid4().hex, "people": strict_json.dumps(given), "text": text}
            link.execute(sql("INSERT INTO cases VALUES (:id, :people, :text)"), row)
        with Operations.context(MigrationContext.configure(link)):
            import_module(f"{MIGRATIONS}.0019_what_everybody_may_search").upgrade()
        stored = link.execute(sql("SELECT search_public FROM cases")).scalars().all()
    engine.dispose()
    assert stored == [text.replace("quinn q@b.example\n", ""), None]
