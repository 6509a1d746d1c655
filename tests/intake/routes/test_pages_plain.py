"""What the pages say to a person who has never filled in a form of a university."""

from typing import Any

import pytest
from flask import Flask

from shared.profile import labels
from tests.factories import sample
from tests.intake import form_filling as typed
from tests.intake.browsing import get, press
from tests.shared.forms import EXAMPLE

HALF = "partner-half-idea"
OTHER: dict[str, Any] = {
    "form": "interest",
    "language": "en",
    "answers": {
        "proposer_kind": "other",
        "contact_name": "Dana Miller",
        "contact_email": "dana@miller.example",
        "working_title": "Reading a city budget",
        "summary": "Neighbors learn to read the budget of their city.",
        "need": "Nobody at our meetings can read it.",
        "skills": {"not_sure": True},
        "audience": {"not_sure": True},
        "consent_share": "no",
        "consent_privacy": True,
        "copy_to_me": False,
    },
}


@pytest.mark.parametrize(
    ("body", "said", "unsaid"),
    [
        (OTHER, "You can send your idea now.", "add more details"),
        (sample(HALF), "You can send your idea now or add more details.", "idea now."),
    ],
)
def test_details_are_offered_only_where_some_can_be_added(
    apps: dict[str, Flask], body: dict[str, Any], said: str, unsaid: str
):
    page = typed.core(apps["intake"].test_client(), body)
    assert page.path == "/draft/more"
    assert said in page.text() and unsaid not in page.text()


def test_someone_else_reads_no_words_of_the_office(apps: dict[str, Flask]):
    shown = get(apps["intake"].test_client(), "/questions/other").text()
    assert "What would you call it?" in shown and "The people who would learn" in shown
    for word in ("Working title", "badge", "demand", "units", "collaborators"):
        assert word not in shown, word


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Enter an email address, such as name@example.com."),
        ("es", "Escriba una dirección de correo, por ejemplo, nombre@example.com."),
    ],
)
@pytest.mark.parametrize("address", ["", "  ", "dana@miller", "dana@miller.example."])
def test_an_address_that_is_none_is_answered_with_an_example(
    apps: dict[str, Flask], address: str, language: str, told: str
):
    client = apps["intake"].test_client()
    typed.begin(client, "partner", language=language)
    page = get(client, "/draft/saved")
    (email,) = page.form.named("email")
    email.value = address
    page = press(client, page, ("go", "mail"))
    assert page.status == 422
    assert told in page.text("section")


def test_the_page_that_asks_only_who_one_is_has_no_step(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    page = get(client, "/draft/start?back=check")
    assert page.status == 200
    for word in ("Step", "left", "Optional"):
        assert word not in page.text(), word
    assert "Step 1 of 6" in get(client, "/draft/you?back=check").text()


@pytest.mark.parametrize(
    ("language", "condition"),
    [
        ("en", "Only if you chose “In person,” “Part online, part in person,” or “At the wo"),
        (
            "es",
            "eligió «Presencial», «Parte en línea, parte presencial» o «En el",
        ),
    ],
)
def test_three_choices_in_a_hint_have_the_commas_of_their_language(
    apps: dict[str, Flask], language: str, condition: str
):
    client = apps["intake"].test_client()
    assert condition in get(client, f"/questions/partner?lang={language}").text()


def test_the_questions_are_headings_that_can_stand_alone(apps: dict[str, Flask]):
    for language, heading in (("en", "More about the learners"), ("es", "Más sobre los partic")):
        spoken = EXAMPLE.in_language(language)
        for branch in ("faculty", "staff", "partner"):
            said = labels.label(spoken.question("audience_detail"), branch)
            assert said.startswith(heading)
