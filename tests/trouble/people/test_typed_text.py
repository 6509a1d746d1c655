"""What people type and paste is understood where it can only mean one thing."""

from typing import Any

import pytest
from flask import Flask

from services.intake.models import Draft
from shared import typed
from tests.factories import rows, sample
from tests.intake import form_filling
from tests.intake.browsing import Page, get, press
from tests.trouble.people.posting import posted

EMPLOYER = "partner-sterile-processing"


def about_you(app: Flask, **answers: Any) -> tuple[Page, dict[str, Any]]:
    """The first page of a partner, posted with these answers; the page that follows, the draft."""
    client = app.test_client()
    good = sample(EMPLOYER)["answers"]
    first = form_filling.begin(client, "partner")
    page = press(client, form_filling.fill(client, first, good | answers))
    return page, rows(app, Draft)[0].typed


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
