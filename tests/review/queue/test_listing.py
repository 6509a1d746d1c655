"""The queue: what is due first, then the oldest; tabs, filters, words, pages that stay in order."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.review.lifecycle import assignment
from services.review.models import Case
from services.review.queue.listing import PAGE_SIZE
from services.review.staff import people
from shared import db, references
from tests.apps import on_sqlite
from tests.fakes import take
from tests.review.office import case_of, hire, member, received, sent, signed_in, visit
from tests.review.queue_page import references_on
from tests.shared.web.ui import markup

MOMENT = datetime(2026, 9, 1, 15, 0, tzinfo=UTC)


def arrange(app: Flask, reference: str, **columns: Any) -> None:
    with app.app_context(), db.begin() as session:
        case = session.get_one(Case, case_of(app, reference).id)
        for name, value in columns.items():
            setattr(case, name, value)


def test_the_queue_is_sorted_by_due_day_and_then_by_age(apps: dict[str, Flask]):
    review = apps["review"]
    cases = received(review, 4)
    days = [date(2026, 12, 3), date(2026, 12, 1), date(2026, 12, 1), date.max]
    hours = [0, 5, 2, 9]
    for reference, day, hour in zip(cases, days, hours, strict=True):
        arrange(review, reference, due_on=day, submitted_at=MOMENT + timedelta(hours=hour))
    client = signed_in(review)
    assert references_on(client) == [cases[2], cases[1], cases[0], cases[3]]


def test_pages_show_each_case_once_in_both_directions_while_cases_come_and_go(
    apps: dict[str, Flask],
):
    review = apps["review"]
    cases = received(review, 2 * PAGE_SIZE + 3)
    for place, reference in enumerate(cases):
        arrange(review, reference, due_on=date(2026, 12, 1), submitted_at=MOMENT
                + timedelta(seconds=place // 2))  # fmt: skip
    client = signed_in(review)
    first = visit(client, "/")
    (older,) = [link for link in first.links if "after=" in link]
    seen = references_on(client)
    arrange(review, seen[0], state="declined")  # before the place where the next page begins
    arrange(review, received(review)[0], due_on=date(2026, 11, 1))
    second = visit(client, older)
    page_two = references_on(client, older)
    assert len(seen) == len(page_two) == PAGE_SIZE
    (last,) = [link for link in second.links if "after=" in link]
    page_three = references_on(client, last)
    assert len(page_three) == 3
    assert set(seen) | set(page_two) | set(page_three) == set(cases)
    assert not [link for link in visit(client, last).links if "after=" in link]

    (back,) = [link for link in visit(client, last).links if "before=" in link]
    assert references_on(client, back) == page_two
    (first_again,) = [link for link in visit(client, back).links if "before=" in link]
    assert references_on(client, first_again)[-1] == seen[-1]


def test_tabs_show_the_number_of_their_cases(apps: dict[str, Flask]):
    review = apps["review"]
    cases = received(review, 5)
    client = signed_in(review)
    arrange(review, cases[0], state="declined")
    arrange(review, cases[1], owner_id=member(review, hire(review, "triage")).id)
    arrange(review, cases[2], state="decision_draft")
    tabs = visit(client, "/").text("nav")
    for said in (
        "All open 4",
        "Mine 1",
        "In triage 3",
        "Awaiting release 1",
        "Declined 1",
        "All 5",
    ):
        assert said in tabs
    assert "Withdrawn" not in tabs
    assert references_on(client, tab="mine") == [cases[1]]
    assert references_on(client, tab="declined") == [cases[0]]
    assert sorted(references_on(client, tab="all")) == sorted(cases)


def test_filters_narrow_by_owner_office_branch_and_flag(apps: dict[str, Flask]):
    review = apps["review"]
    names = ["partner-half-idea", "faculty-full-water-testing", "staff-crisis-line-volunteers"]
    cases = [references.new() for _ in names]
    for name, reference in zip(names, cases, strict=True):
        take(review, sent(name, proposal_id=uuid4(), reference=reference))
    partner, faculty, unit = (references.display(reference) for reference in cases)
    client = signed_in(review)
    owner = member(review, hire(review, "triage"))
    arrange(review, faculty, owner_id=owner.id)
    assert references_on(client, owner=owner.id.hex) == [faculty]
    assert sorted(references_on(client, owner="nobody")) == sorted([partner, unit])
    assert references_on(client, office="regional") == [faculty]
    assert references_on(client, branch="staff") == [unit]
    assert references_on(client, flag="no_sponsor") == [partner]
    assert references_on(client, flag="own_learner_form", branch="staff", office="main") == [unit]
    assert (
        "No matching cases" in visit(client, "/", flag="own_learner_form", branch="partner").text()
    )


@on_sqlite
def test_urgent_flags_come_before_the_others(apps: dict[str, Flask]):
    review = apps["review"]
    take(review, sent("partner-half-idea", proposal_id=uuid4(), reference=references.new()))
    page = markup.read(signed_in(review).get("/").text)
    row = page.find("span", class_="flags")[0]
    hot = ["hot" in (flag.get("class") or "") for flag in row.find("span", class_="flag")]
    assert hot == sorted(hot, reverse=True)
    assert {True, False} == set(hot)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("SHOP drawings", True),
        ("okafor", True),
        ("ray millwork", True),
        ("saw", True),
        ("drawings absent", False),
        ("Ẑürich", True),
        ("%", True),
        ("100%", True),
        ("1_0", False),
        ("\\", False),
        ("o'neil", True),
        ('"', False),
        ("&&&& !(((", False),
        ("(a+)+$", False),
    ],
)
def test_every_word_of_a_search_is_looked_for_as_it_is_written(
    apps: dict[str, Flask], words: str, found: bool
):
    review = apps["review"]
    summary = "People we hire can run a saw. 100% of them in ẐÜRICH, says O'Neil."
    reference = references.new()
    take(review, sent("partner-half-idea", reference=reference, answers={"summary": summary}))
    client = signed_in(review)
    assert references_on(client, q=words) == ([references.display(reference)] if found else [])


def test_a_reference_is_found_as_it_is_shown_and_as_it_is_stored(apps: dict[str, Flask]):
    review = apps["review"]
    wanted, _ = received(review, 2)
    client = signed_in(review)
    assert references_on(client, q=wanted.casefold()) == [wanted]
    assert references_on(client, q=wanted.replace("-", "")) == [wanted]


@on_sqlite
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sort=password", "This link is out of date."),
        ("order=ASC--", "This link is out of date."),
        ("tab=everything", "This link is out of date."),
        ("tab=open&tab=mine", "This link is out of date."),
        ("branch=alien", "This link is out of date."),
        ("office=x'--", "This link is out of date."),
        ("flag=%07", "This link is out of date."),
        ("owner=1", "This link is out of date."),
        ("q=" + "x" * 201, "at most 200"),
        ("q=%07", "can’t use"),
        ("after=1", "This link is out of date."),
        ("after=9999-99-99~1~" + "0" * 32, "This link is out of date."),
        ("after=٣", "This link is out of date."),
        ("before=NaN", "This link is out of date."),
        ("page=-1", "This link is out of date."),
        ("page[]=1", "This link is out of date."),
    ],
)
def test_a_query_that_the_queue_does_not_know_shows_all_of_it_and_says_why(
    apps: dict[str, Flask], query: str, said: str
):
    review = apps["review"]
    (case,) = received(review)
    answer = visit(signed_in(review), f"/?{query}")
    assert answer.status == 422
    assert said in answer.text()
    assert case in answer.text() and answer.text("h1") == "Queue"
    assert "must be one of" not in answer.text()


@on_sqlite
def test_an_empty_queue_says_how_it_fills(apps: dict[str, Flask]):
    client = signed_in(apps["review"])
    assert "appears here within seconds" in visit(client, "/").text()
    assert "“Assign to me.”" in visit(client, "/", tab="mine").text()


def test_hostile_words_of_a_proposer_are_shown_as_words(apps: dict[str, Flask]):
    review = apps["review"]
    hostile = "<script>alert(1)</script> {{7*7}} {% raw %}"
    reference = references.new()
    answers = {"working_title": hostile, "org_name": '"><img src=x onerror=alert(1)>',
               "contact_name": "${7*7}", "summary": hostile}  # fmt: skip
    take(review, sent("partner-half-idea", reference=reference, answers=answers))
    client = signed_in(review)
    path = f"/cases/{references.display(reference)}"
    for page in (visit(client, "/"), visit(client, "/", q="<script>"), visit(client, path)):
        assert "<script>alert" not in page.html
        assert "<img" not in page.html
        assert "{{7*7}}" in page.text()


@on_sqlite
def test_due_says_how_late_how_near_and_what_comes_next(apps: dict[str, Flask]):
    review = apps["review"]
    (late,) = received(review)
    client = signed_in(review)
    text = visit(client, "/").text()
    assert "late" in text and "Assign an owner" in text
    with review.app_context(), db.begin() as session:
        by = people.find(session, email=hire(review, "triage"))
        assert by is not None
        assignment.assign_to_self(session, session.get_one(Case, case_of(review, late).id), by=by)
    text = visit(client, "/").text()
    assert "Talk with the proposer" in text and "Triage Person" in text and "In review" in text
