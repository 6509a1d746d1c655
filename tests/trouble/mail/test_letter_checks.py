"""A letter with a slip in it is not sent: something to fill in, another case, another person."""

from uuid import uuid4

import pytest
from flask import Flask

from shared import references
from tests.fakes import take
from tests.review.office import (
    do,
    published,
    received,
    sent,
    signed_in,
    visit,
)
from tests.trouble.mail.letters import GOOD, GREETING, drafted, is_released, send


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ("We will start in {{placeholder}}.", "“{{placeholder}}” looks like a placeholder."),
        ("TODO: mention the term.", "“TODO” looks like a reminder."),
        ("Please ask [insert name].", "“[insert name]” looks like a place to fill in."),
        ("We will start in ______.", "“______” looks like a place to fill in."),
        ("We will start on <date>.", "“&lt;date&gt;” looks like a place to fill in."),
        ("We will start on ___.", "“___” looks like a place to fill in."),
        ("It costs $XX a seat.", "“$XX” looks like a place to fill in."),
        ("It costs $X,XXX a seat.", "“$X,XXX” looks like a place to fill in."),
        ("We will start in ???.", "“???” looks like a place to fill in."),
        ("Ask [NAME] about it.", "“[NAME]” looks like a place to fill in."),
        ("Ask [your contact] about it.", "“[your contact]” looks like a place to fill in."),
        ("We start on [start date].", "“[start date]” looks like a place to fill in."),
        ("Escriba a [nombre].", "“[nombre]” looks like a place to fill in."),
        ("Escriba a «nombre».", "“«nombre»” looks like a place to fill in."),
        ("Le escribimos el « fecha ».", "“« fecha »” looks like a place to fill in."),
        ("Ask «name» about it.", "“«name»” looks like a place to fill in."),
        ("Lorem ipsum dolor sit amet.", "“Lorem ipsum” looks like sample text."),
    ],
)
def test_a_letter_with_something_to_fill_in_is_not_sent(
    apps: dict[str, Flask], slip: str, said: str
) -> None:
    review = apps["review"]
    director, case = drafted(review, f"{GREETING}{GOOD} {slip}")
    page = visit(director, f"/cases/{case}/letter")
    assert said in page.html
    assert ">Send letter<" not in page.html
    before = published(review)
    assert send(director, review, case) == 409
    assert not is_released(review, case)
    assert published(review) == before


def test_a_letter_with_the_reference_of_another_case_is_not_sent(apps: dict[str, Flask]) -> None:
    review = apps["review"]
    (other,) = received(review)
    director, case = drafted(review, f"{GREETING}{GOOD} See {other.casefold()} as well.")
    page = visit(director, f"/cases/{case}/letter")
    assert f"{other} is the reference of another proposal." in page.html
    assert send(director, review, case) == 409
    assert not is_released(review, case)


def test_a_letter_that_names_the_proposer_of_another_case_is_not_sent(
    apps: dict[str, Flask],
) -> None:
    review = apps["review"]
    stranger = {"person_id": str(uuid4()), "name": "Lucía Fernández", "role": "proposer",
                "address": "lucia@hospital.example", "state": "active"}  # fmt: skip
    (other,) = received(review, people=[stranger])
    do(signed_in(review, "triage"), other, "take")
    director, case = drafted(review, f"{GREETING}{GOOD} As Lucia Fernandez proposed, we agree.")
    page = visit(director, f"/cases/{case}/letter")
    assert "“Lucia Fernandez” is on another proposal, not on this one." in page.html
    assert send(director, review, case) == 409
    assert not is_released(review, case)


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        (f"{GOOD}", "en", "The letter has no greeting."),
        (f"Dear ,\n\n{GOOD}", "en", "The greeting names nobody."),
        (f"Dear Dolores,\n\n{GOOD}", "en", "The greeting is to “Dolores”, who is not on this"),
        (f"Estimado Ray:\n\nGracias por su idea.\n\n{GOOD}", "es", "seems to be English, but this"),
        (f"{GREETING}{GOOD} Marcus Bell will help.", "en", "The letter names Marcus Bell."),
    ],
)
def test_a_letter_with_a_likely_slip_shows_it_and_may_be_sent(
    apps: dict[str, Flask], text: str, language: str, said: str
) -> None:
    review = apps["review"]
    signed_in(review, "lead", name="Marcus Bell")
    director, case = drafted(review, text, language=language)
    page = visit(director, f"/cases/{case}/letter")
    assert said in page.html
    assert ">Send letter<" in page.html
    assert send(director, review, case) == 303
    assert is_released(review, case)


@pytest.mark.parametrize("name", ["partner-half-idea", "partner-sterile-processing"])
@pytest.mark.parametrize("kind", ["accept", "decline"])
def test_the_letters_of_the_profile_pass_unchanged(
    apps: dict[str, Flask], name: str, kind: str
) -> None:
    review = apps["review"]
    reference = references.new()
    take(review, sent(name, reference=reference))
    case = references.display(reference)
    clerk = signed_in(review, "triage", name="Renata Kowalczyk")
    reason = {"reason": "incomplete"} if kind == "decline" else {}
    do(clerk, case, "decision", kind=kind, **reason)
    page = visit(signed_in(review, "director"), f"/cases/{case}/letter")
    assert "Please check" not in page.html
    assert ">Send letter<" in page.html


@pytest.mark.parametrize("name", ["Virginia Haas", "Renata Kowalczyk", "Lakeside State"])
def test_a_stranger_who_takes_a_name_of_ours_stops_no_letter(
    apps: dict[str, Flask], name: str
) -> None:
    review = apps["review"]
    stranger = {"person_id": str(uuid4()), "name": name, "role": "proposer",
                "address": "stranger@evil.example", "state": "active"}  # fmt: skip
    (other,) = received(review, people=[stranger])
    do(signed_in(review, "triage"), other, "take")
    director, case = drafted(review, f"{GREETING}{GOOD} {name} of Lakeside State will call you.")
    assert "on another proposal" not in visit(director, f"/cases/{case}/letter").text()
    assert send(director, review, case) == 303


def test_an_untouched_proposal_of_a_stranger_stops_no_letter(apps: dict[str, Flask]) -> None:
    review = apps["review"]
    stranger = {"person_id": str(uuid4()), "name": "Next Steps", "role": "proposer",
                "address": "stranger@evil.example", "state": "active"}  # fmt: skip
    received(review, people=[stranger])
    director, case = drafted(review, f"{GREETING}{GOOD} Here are the Next Steps for you.")
    assert send(director, review, case) == 303
