"""Numbers and months are read as people write them, where they can only mean one thing."""

from typing import Any

import pytest
from flask import Flask

from services.intake.models import Draft
from shared import typed
from tests.factories import rows, sample
from tests.intake import form_filling
from tests.intake.browsing import get, press
from tests.trouble.people.posting import posted


@pytest.mark.parametrize(
    ("typed_number", "kept"),
    [
        ("10–15", {"from": 10, "to": 15}),
        ("10 to 15", {"from": 10, "to": 15}),
        ("de 10 a 15", {"from": 10, "to": 15}),
        ("about 12", 12),
        ("~12", 12),
        ("~30", 30),
        ("50+", 50),
        ("50 +", 50),
        ("at least 50", 50),
        ("a dozen", 12),
        ("about two dozen people", 24),
        ("una docena", 12),
        ("una docena de personas", 12),
        ("unas 12", 12),
        ("5 or 6", {"from": 5, "to": 6}),
        ("maybe 5 or 6", {"from": 5, "to": 6}),
        ("quizás 5 o 6", {"from": 5, "to": 6}),
        ("20-25 nurses", {"from": 20, "to": 25}),
        ("20-25 personas", {"from": 20, "to": 25}),
        ("12 new nurses.", 12),
        ("0", 0),
        (" 1,200 ", 1200),
    ],
)
def test_a_guess_is_fine_as_people_write_it(
    apps: dict[str, Flask], typed_number: str, kept: Any
) -> None:
    client = apps["intake"].test_client()
    form_filling.core(client, sample("partner-half-idea"))
    page = posted(client, "/draft/learners", learner_count_first__from=typed_number)
    assert page.status == 200, page.text()
    (draft,) = rows(apps["intake"], Draft)
    assert draft.typed["learner_count_first"] == kept


@pytest.mark.parametrize(
    "two_meanings",
    [
        "2 cohorts of 12",
        "2 cohorts",
        "10 per year",
        "2 thousand",
        "12k",
        "5 o",
        "a dozen 4",
    ],
)
def test_a_number_that_may_mean_two_things_is_refused_at_its_question(
    apps: dict[str, Flask], two_meanings: str
) -> None:
    client = apps["intake"].test_client()
    form_filling.core(client, sample("partner-half-idea"))
    page = posted(client, "/draft/learners", learner_count_first__from=two_meanings)
    assert page.form.named("learner_count_first.from")[0].value == two_meanings
    assert "Enter a whole number, or both ends of a range." in page.text("section")
    assert "#learner_count_first" in "".join(page.links)


@pytest.mark.parametrize(
    ("amount", "kept"),
    [
        ("40 hours", 40),
        ("1.5 hours", 1.5),
        ("~40", 40),
        ("2 days", "2 days"),
        ("40 h 30", "40 h 30"),
    ],
)
def test_a_unit_is_understood_where_it_is_the_one_of_the_question(amount: str, kept: Any) -> None:
    assert typed.decimal(amount, label="How many hours") == kept


def test_a_month_is_refused_with_an_example_that_is_understood(apps: dict[str, Flask]) -> None:
    client = apps["intake"].test_client()
    form_filling.core(client, sample("partner-half-idea"))
    page = posted(client, "/draft/plan", needed_by__month="spring 2027")
    assert page.form.named("needed_by.month")[0].value == "spring 2027"
    assert "Enter a month, such as March 2027 or 3/2027." in page.text("section")
    spanish = press(client, page, ("lang", "es"))
    spanish = press(client, spanish)
    assert "Escriba un mes, por ejemplo, marzo de 2027 o 3/2027." in spanish.text("section")


def test_a_month_is_shown_again_as_people_write_it(apps: dict[str, Flask]) -> None:
    client = apps["intake"].test_client()
    form_filling.core(client, sample("partner-half-idea"))
    posted(client, "/draft/plan", needed_by__month="3/2029")
    page = get(client, "/draft/plan")
    assert page.form.named("needed_by.month")[0].value == "March 2029"
    assert "March 2029" in get(client, "/draft/check").text()
    spanish = press(client, page, ("lang", "es"))
    assert spanish.form.named("needed_by.month")[0].value == "marzo de 2029"
    assert press(client, spanish).status == 200
    (draft,) = rows(apps["intake"], Draft)
    assert draft.typed["needed_by"]["month"] == "2029-03"


@pytest.mark.parametrize(
    ("month", "kept"),
    [
        ("March 2027", "2027-03"),
        ("Mar. 2027", "2027-03"),
        ("marzo de 2027", "2027-03"),
        ("3/2027", "2027-03"),
        ("2027-3", "2027-03"),
        ("March 1st, 2027", "2027-03-01"),
        ("1 de marzo de 2027", "2027-03-01"),
        ("Mar 2027", "2027-03"),
        ("march, 2027", "2027-03"),
        ("Marzo, 2027", "2027-03"),
        ("marzo del 2027", "2027-03"),
        ("mar-2027", "2027-03"),
        ("3/15/27", "2027-03-15"),
        ("3/15/2027", "2027-03-15"),
        ("15/3/2027", "2027-03-15"),
        ("15.3.27", "2027-03-15"),
        ("3-3-2027", "2027-03-03"),
        ("3/27", "3/27"),  # March 27, or March 2027
        ("Mar 27", "Mar 27"),
        ("27 de marzo", "27 de marzo"),
        ("3/4/27", "3/4/27"),
        ("13/15/2027", "13/15/2027"),
        ("2/30/2027", "2/30/2027"),
        ("2027", "2027"),
        ("3/4/2027", "3/4/2027"),  # March 4, or April 3
        ("13/2027", "13/2027"),
        ("spring 2027", "spring 2027"),
        ("asap", "asap"),
    ],
)
def test_a_month_is_read_as_people_write_it_and_never_guessed(month: str, kept: str) -> None:
    assert typed.month(month) == kept
