"""Each bad input gets a clear answer and stores nothing."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shared.profile.answers.sentences import REQUIRED, SENTENCES
from tests.factories import sample
from tests.intake import form_filling as typed
from tests.intake.browsing import HTML, Page, get, page_of, press

HALF = "partner-half-idea"


def about_you(client: FlaskClient, **answers: Any) -> Page:
    """The first page of a partner, posted with these answers in place of good ones."""
    good = sample("partner-sterile-processing")["answers"]
    return press(client, typed.fill(client, typed.begin(client, "partner"), good | answers))


def errors(page: Page) -> list[str]:
    """The lines of the error summary."""
    return [href for href in page.links if href.startswith("#") and href != "#main"]


def test_an_empty_page_names_every_question_that_must_be_answered(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = press(client, typed.begin(client, "partner"))
    assert errors(page) == [
        "#contact_name",
        "#contact_title",
        "#contact_email",
        "#org_name",
        "#org_type",
    ]
    assert page.text("title").startswith("Error: About you")
    (summary,) = [given for given in page.attributes("section") if given.get("id") == "errors"]
    assert "autofocus" in summary
    ids = [given["id"] for _, given in page.elements if "id" in given]
    assert len(ids) == len(set(ids))
    assert all(href[1:] in ids for href in errors(page))


@pytest.mark.parametrize("nothing", ["   ", "\u3164", "\u200b\u200d", "\u2800"])
def test_what_cannot_be_seen_is_no_answer(apps: dict[str, Flask], nothing: str):
    page = about_you(apps["intake"].test_client(), contact_name=nothing)
    assert errors(page) == ["#contact_name"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "{{7*7}}",
        "${7*7}",
        "{% raw %}",
        "=1+1",
        "{{reference}}",
    ],
)
def test_markup_is_text_on_every_page_that_shows_it(apps: dict[str, Flask], text: str):
    client, body = apps["intake"].test_client(), sample(HALF)
    body["answers"] |= {"contact_name": text, "working_title": text, "need": text}
    typed.core(client, body)
    check = typed.ready(client, body)
    labels_shown = [
        check,
        typed.send(client, check),
        get(client, "/status"),
        get(client, "/draft/"),
    ]
    for page in labels_shown:
        assert page.status == 200
        assert {"onerror"}.isdisjoint(name for _, given in page.elements for name in given)
        assert all("src" in given for given in page.attributes("script"))
    assert labels_shown[0].text().count(text) >= 3
    assert labels_shown[2].text("h1") == text


@pytest.mark.parametrize(
    "bad",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "https://user:pass@example.com",
        "//example.com",
    ],
)
def test_a_link_is_an_address_of_the_web(apps: dict[str, Flask], bad: str):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    page = get(client, "/draft/partnership")
    page.form.named("org_website")[0].value = bad
    refused = press(client, page)
    assert errors(refused) == ["#org_website"]


@pytest.mark.parametrize("text", ["👨‍👩‍👧" * 101, "é" * 501])
def test_too_long_says_both_numbers(apps: dict[str, Flask], text: str):
    client = apps["intake"].test_client()
    about_you(client)
    page = get(client, "/draft/idea")
    page.form.named("summary")[0].value = text
    refused = press(client, page)
    said = refused.text("section")
    assert "500" in said
    assert str(len(text)) in said


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x1b[31mb", "a\x07b", "a\u202eb", "Z" + "\u0301" * 40]
)
def test_characters_that_hurt_are_refused_and_kept_on_the_page(apps: dict[str, Flask], text: str):
    page = about_you(apps["intake"].test_client(), contact_name=text)
    assert errors(page) == ["#contact_name"]


@pytest.mark.parametrize(
    "address",
    [
        "a@b.org\r\nBcc:x@y.org",
        "a@b.org,c@d.org",
        "a@b.org;c@d.org",
        '"a b"@x.org',
        "a@[127.0.0.1]",
        "a@localhost",
        "ａ@b.org",
        "a" * 300 + "@b.org",
        "<a@b.org> c@d.org",
        "a@b..org",
    ],
)
def test_what_is_not_one_address_is_refused(apps: dict[str, Flask], address: str):
    page = about_you(apps["intake"].test_client(), contact_email=address)
    assert errors(page) == ["#contact_email"]


@pytest.mark.parametrize("address", ["a+tag@b.org", "o'neil@b.org", "a@münchen.example"])
def test_unusual_addresses_are_taken(apps: dict[str, Flask], address: str):
    assert about_you(apps["intake"].test_client(), contact_email=address).path == "/draft/idea"


def test_a_choice_that_is_not_offered_is_refused(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = typed.fill(client, typed.begin(client, "partner"), sample(HALF)["answers"])
    for radio in page.form.named("org_type"):
        radio.on, radio.value = True, "a_secret_society"
    refused = press(client, page)
    assert errors(refused) == ["#org_type"]


def test_two_values_where_one_is_asked_are_refused(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = typed.fill(client, typed.begin(client, "partner"), sample(HALF)["answers"])
    more = [("org_type", "nonprofit"), ("contact_name", "Somebody else")]
    refused = press(client, page, more=more)
    assert errors(refused) == ["#contact_name", "#org_type"]


@pytest.mark.parametrize(
    "number",
    ["１２", "1_000", "1e3", "7 7", "+7", "0x10", "-0", "1.9", "9" * 4000, "NaN", "1E+999999"],
)
def test_a_number_is_written_in_plain_digits(apps: dict[str, Flask], number: str):
    client = apps["intake"].test_client()
    typed.core(client, sample(HALF))
    page = get(client, "/draft/learners")
    page.form.named("learner_count_first.from")[0].value = number
    page.form.named("learner_count_first.not_sure")[0].on = False
    refused = press(client, page)
    assert errors(refused) == ["#learner_count_first"]
    assert refused.form.named("learner_count_first.from")[0].value == number


def test_a_choice_that_picks_no_questions_is_refused_and_the_draft_stays_open(
    apps: dict[str, Flask],
):
    client = apps["intake"].test_client()
    typed.begin(client, "partner")
    page = get(client, "/draft/start")
    for radio in page.form.named("proposer_kind"):
        radio.on, radio.value = radio.on, "nobody"
    refused = press(client, page)
    assert errors(refused) == ["#proposer_kind"]
    assert get(client, "/draft/you").status == 200


def test_refusals_are_in_spanish_for_spanish_readers_and_in_english_for_programs(
    apps: dict[str, Flask],
):
    client = apps["intake"].test_client()
    get(client, "/?lang=es")
    missing = get(client, "/nothing-here")
    assert (missing.status, missing.text("h1")) == (404, "No se encontró")
    assert {given["lang"] for given in missing.attributes("html")} == {"es"}
    too_large = client.post("/start", data={"x": "x" * 1_000_000}, headers=HTML)
    wrong_way = client.post("/privacy", headers=HTML)
    odd = client.post("/start", data=b"x", content_type="text/plain", headers=HTML)
    for answer, words in (
        (too_large, "Es demasiado grande"),
        (wrong_way, "Esto no es posible aquí"),
        (odd, "No es un formulario"),
    ):
        assert words in page_of(answer).text("h1")
        assert "No entendimos la solicitud" not in answer.text
    by_program = client.get("/nothing-here", headers={"Accept": "application/json"})
    assert by_program.json["title"] == "Not found"


def test_missing_answers_are_named_in_spanish_on_spanish_pages(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    page = get(client, "/start?lang=es")
    branch = press(client, page)
    assert (branch.status, "Elija la opción que le describe." in branch.text()) == (200, True)
    refused = press(client, typed.begin(client, "partner", language="es"))
    shown = refused.text()
    assert "Escriba su nombre." in shown
    assert "Escriba su correo electrónico, por ejemplo" in shown
    for english in ("Enter your name.", *REQUIRED["en"].values(), *SENTENCES["en"].values()):
        assert english not in shown
