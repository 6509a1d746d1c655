"""A search of the queue finds a case by what people type, paste, or read off a phone."""

import pytest
from flask import Flask

from services.review.models import Case
from shared import db, references
from tests.apps import on_sqlite
from tests.fakes import take
from tests.review.office import received, sent, signed_in
from tests.review.queue_page import references_on

REFERENCE = "RE54L552"


def person(name: str, address: str) -> list[dict[str, str]]:
    return [
        {"person_id": "9b3f7f1e-6c1c-4a58-9f0a-1d1a4b8f5c11", "name": name, "role": "proposer",
         "address": address, "state": "active"}
    ]  # fmt: skip


def case_of(app: Flask, name: str, address: str = "person@example.org") -> str:
    """A case by this person, beside another one that no search here is for."""
    received(app, people=person("Una Ferris", "una@elsewhere.example"))
    take(app, sent("partner-half-idea", reference=REFERENCE, people=person(name, address)))
    return references.display(REFERENCE)


@pytest.mark.parametrize(
    ("name", "words"),
    [("Rosa D’Angelo", "D'Angelo"), ("Rosa D'Angelo", "d’angelo"), ("Rosa D‘Angelo", "DʼAngelo")],
)
def test_a_name_is_found_with_either_apostrophe(apps: dict[str, Flask], name: str, words: str):
    case = case_of(apps["review"], name)
    assert references_on(signed_in(apps["review"]), q=words) == [case]


@pytest.mark.parametrize(
    "words",
    [
        "http://review.example.edu/cases/RE54-L552?x=1",
        "https://review.example.edu/cases/re54-l552#notes",
        "review.example.edu/cases/RE54-L552/letter",
        "https://proposals.example.edu/status/RE54-L552",
        "<https://proposals.example.edu/status/RE54L552>.",
        "RE54-L552.",
        "(RE54-L552)",
        "RE54‑L552",
        "“RE54-L552”,",
    ],
)
def test_a_pasted_link_or_reference_finds_its_case(apps: dict[str, Flask], words: str):
    case = case_of(apps["review"], "Ray Okafor")
    assert references_on(signed_in(apps["review"]), q=words) == [case]


@pytest.mark.parametrize(
    "words",
    [
        "Nakagawa, Walter",
        "Nakagawa,Walter",
        "Walter Nakagawa <walter@example.org>",
        "Walter Nakagawa ‹walter@example.org›;",
        '"Nakagawa, Walter" <walter@example.org>,',
    ],
)
def test_a_name_is_found_as_mail_programs_write_it(apps: dict[str, Flask], words: str):
    case = case_of(apps["review"], "Walter Nakagawa", "walter@example.org")
    assert references_on(signed_in(apps["review"]), q=words) == [case]


FORMATS = ["+1 513 555 0117", "(513) 555-0117", "513.555.0117", "5135550117", "1-513-555-0117",
           "555-0117", "Okafor 513–555–0117", "(513) 555-0117 ext. 4"]  # fmt: skip


@pytest.mark.parametrize("on_file", ["+1 513 555 0117", "(513) 555-0117 ext. 4", "5135550117"])
@pytest.mark.parametrize("words", FORMATS)
def test_a_phone_number_is_found_in_any_format(apps: dict[str, Flask], on_file: str, words: str):
    review = apps["review"]
    received(review)
    answers = {"contact_phone": on_file}
    take(review, sent("partner-half-idea", reference=REFERENCE, answers=answers))
    assert references_on(signed_in(review), q=words) == [references.display(REFERENCE)]


@pytest.mark.parametrize("role", ["auditor", "assessor"])
def test_a_phone_number_finds_no_case_for_those_who_may_not_read_it(
    apps: dict[str, Flask], role: str
):
    review = apps["review"]
    answers = {"contact_phone": "+1 513 555 0117"}
    take(review, sent("partner-half-idea", reference=REFERENCE, answers=answers))
    client = signed_in(review, role)
    assert references_on(client, q="okafor") == [references.display(REFERENCE)]
    assert references_on(client, q="513-555-0117") == []


def test_a_phone_number_in_the_summary_is_found_by_everyone(apps: dict[str, Flask]):
    review = apps["review"]
    summary = "Call the plant at 513-555-0199 between 2026 and 2027."
    take(review, sent("partner-half-idea", reference=REFERENCE, answers={"summary": summary}))
    for words in ("513-555-0199", "(513) 555 0199", "2026 2027"):
        assert references_on(signed_in(review, "auditor"), q=words), words


@pytest.mark.parametrize("words", ["...", "<>", ", ;"])
def test_a_search_for_marks_alone_does_not_show_every_case(apps: dict[str, Flask], words: str):
    review = apps["review"]
    take(review, sent("partner-half-idea", reference=REFERENCE, answers={"summary": "Plain"}))
    assert references_on(signed_in(review), q=words) == []


@on_sqlite
def test_cases_of_an_earlier_release_are_found_after_the_refresh_of_the_upgrade(
    apps: dict[str, Flask],
):
    review = apps["review"]
    answers = {"contact_phone": "+1 513 555 0117"}
    who = person("Rosa D’Angelo", "rosa@example.org")
    take(review, sent("partner-half-idea", reference=REFERENCE, answers=answers, people=who))
    with review.app_context(), db.begin() as session:
        (case,) = session.query(Case)
        case.search_text, case.search_public = "re54l552\nre54-l552\nrosa d’angelo", None
    client, auditor = signed_in(review), signed_in(review, "auditor")
    assert references_on(client, q="D'Angelo") == []
    review.test_cli_runner().invoke(args=["cases", "refresh"])
    for words in ("D'Angelo", "513-555-0117"):
        assert references_on(client, q=words) == [references.display(REFERENCE)], words
    assert references_on(auditor, q="513-555-0117") == []
