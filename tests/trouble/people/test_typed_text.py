"""What people type and paste is understood where it can only mean one thing."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from services.intake.models import Draft
from shared import typed
from tests.factories import rows, sample
from tests.intake import form_filling
from tests.intake.browsing import Page, get, press

EMPLOYER = "partner-sterile-processing"


def about_you(app: Flask, **answers: Any) -> tuple[Page, dict[str, Any]]:
    """The first page of a partner, posted with these answers; the page that follows, the draft."""
    client = app.test_client()
    good = sample(EMPLOYER)["answers"]
    first = form_filling.begin(client, "partner")
    page = press(client, form_filling.fill(client, first, good | answers))
    return page, rows(app, Draft)[0].typed


def posted(client: FlaskClient, path: str, **values: str) -> Page:
    """This page of a draft, posted with these values in their controls."""
    page = get(client, path)
    for name, value in values.items():
        page.form.named(name.replace("__", "."))[0].value = value
        for box in page.form.named(f"{name.split('__')[0]}.not_sure"):
            box.on = False
    return press(client, page)


@pytest.mark.parametrize(
    ("key", "pasted", "kept"),
    [
        ("contact_email", "pat@exam\u200bple.org", "pat@example.org"),
        ("contact_email", "Pat Lee <pat@example.org>", "pat@example.org"),
        ("contact_email", "mailto:pat@example.org.", "pat@example.org"),
        ("contact_title", "Head of\u2028Training", "Head of Training"),
        ("contact_title", "Head of\x0bTraining", "Head of Training"),
        ("contact_title", "Head of\x85Training", "Head of Training"),
    ],
)
def test_what_a_contact_card_or_a_word_processor_pastes_is_understood(
    apps: dict[str, Flask], key: str, pasted: str, kept: str
) -> None:
    page, answers = about_you(apps["intake"], **{key: pasted})
    assert page.path == "/draft/idea", page.text()
    assert answers[key] == kept


@pytest.mark.parametrize(
    ("path", "key", "pasted", "kept"),
    [
        ("contacts", "contact_phone", "tel:+1 (513) 555\u20110117", "+1 (513) 555-0117"),
        ("contacts", "contact_phone", "513-555-0117 extension 4", "513-555-0117 ext. 4"),
        ("contacts", "contact_phone", "513/555-0117", "513-555-0117"),
        (
            "contacts",
            "contact_phone",
            "513-555-0188 or 513-555-0199",
            "513-555-0188 or 513-555-0199",
        ),
        ("contacts", "contact_phone", "513-555-0188/513-555-0199", "513-555-0188/513-555-0199"),
        (
            "contacts",
            "contact_phone",
            "+1 (513) 555-0188 ext. 4 home",
            "+1 (513) 555-0188 ext. 4 home",
        ),
        ("partnership", "org_website", "www.example.org", "https://www.example.org"),
        ("partnership", "org_website", "example.org/a\ufeff", "https://example.org/a"),
    ],
)
def test_a_phone_number_and_a_website_are_understood(
    apps: dict[str, Flask], path: str, key: str, pasted: str, kept: str
) -> None:
    client = apps["intake"].test_client()
    form_filling.core(client, sample("partner-half-idea"))
    assert posted(client, f"/draft/{path}", **{key: pasted}).status == 200
    (draft,) = rows(apps["intake"], Draft)
    assert draft.typed[key] == kept


@pytest.mark.parametrize("nothing", ["none", "N/A", "n.a.", "no", "None.", "Ninguno", "—"])
@pytest.mark.parametrize(
    ("path", "key"), [("contacts", "contact_phone"), ("partnership", "org_website")]
)
def test_none_in_an_optional_phone_or_website_is_no_answer_and_shown_as_one(
    apps: dict[str, Flask], path: str, key: str, nothing: str
) -> None:
    client = apps["intake"].test_client()
    form_filling.core(client, sample("partner-half-idea"))
    assert posted(client, f"/draft/{path}", **{key: nothing}).path == "/draft/more"
    (draft,) = rows(apps["intake"], Draft)
    assert key not in draft.typed
    check = get(client, "/draft/check").text()
    assert ("Phone" if key == "contact_phone" else "Website") in check.partition("Not answered")[2]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "There’s no phone number here. Enter one, such as 513-555-0117."),
        ("es", "Aquí falta un número de teléfono. Escriba uno, por ejemplo, 513-555-0117."),
    ],
)
def test_a_phone_without_a_number_is_refused_with_that_reason(
    apps: dict[str, Flask], language: str, said: str
) -> None:
    client = apps["intake"].test_client()
    form_filling.core(client, sample("partner-half-idea"))
    get(client, f"/start?lang={language}")
    page = posted(client, "/draft/contacts", contact_phone="call the front desk")
    assert said in page.text("section")
    assert page.form.named("contact_phone")[0].value == "call the front desk"


@pytest.mark.parametrize("wrong", ["pat@example", "pat@example.org, lee@example.org", "Pat Lee"])
def test_what_cannot_be_understood_is_refused_and_stays_as_it_was_typed(
    apps: dict[str, Flask], wrong: str
) -> None:
    page, _ = about_you(apps["intake"], contact_email=wrong)
    assert page.path == "/draft/you"
    assert "Error" in page.text("title")
    assert page.form.named("contact_email")[0].value == wrong


def test_a_character_that_cannot_be_used_is_shown_with_its_place(apps: dict[str, Flask]) -> None:
    page, _ = about_you(apps["intake"], contact_title="Head of Trai\x07ning and Development")
    assert page.path == "/draft/you"
    assert "Delete it here: “Head of Trai▯ning and Develo…”." in page.text("section")


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


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("• Read a tray list", "Read a tray list"),
        ("- Read a tray list", "Read a tray list"),
        ("2. Read a tray list", "Read a tray list"),
        ("3) Read a tray list", "Read a tray list"),
        ("3D printing", "3D printing"),
        ("A* search", "A* search"),
        ("-5 degrees", "-5 degrees"),
    ],
)
def test_the_bullet_of_a_pasted_list_is_no_part_of_its_item(line: str, kept: str) -> None:
    assert typed.item(line) == kept


def test_pasted_lines_become_items_without_bullets(apps: dict[str, Flask]) -> None:
    client = apps["intake"].test_client()
    form_filling.core(client, sample("partner-half-idea"))
    (draft,) = rows(apps["intake"], Draft)
    page = get(client, "/draft/idea")
    skills = page.form.named("skills")
    skills[0].value = "• Load a tray\u2028• Read a tray list\x0b3. Seal a pouch"
    for control in skills[1:]:
        control.value = ""
    press(client, page)
    (draft,) = rows(apps["intake"], Draft)
    assert draft.typed["skills"] == ["Load a tray", "Read a tray list", "Seal a pouch"]
