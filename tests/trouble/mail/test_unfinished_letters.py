"""A letter that is not finished, or whose hold has ended, is not sent; ordinary brackets are."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.review.decisions import fill_ins
from services.review.models import Letter
from shared import calendar
from shared.commands import PROFILES
from shared.profile import Profile, read, text
from shared.tables import now
from tests.fakes import take
from tests.review.office import (
    PROFILE,
    do,
    let_time_pass,
    received,
    sent,
    signed_in,
    visit,
)
from tests.trouble.mail.letters import GOOD, GREETING, drafted, is_released, send


def test_a_greeting_to_a_placeholder_is_not_sent(apps: dict[str, Flask]) -> None:
    review = apps["review"]
    director, case = drafted(review, f"Dear NAME,\n\n{GOOD}")
    page = visit(director, f"/cases/{case}/letter")
    assert "“Dear NAME” looks like a place to fill in." in page.html
    assert send(director, review, case) == 409


def test_all_places_to_fill_in_are_named_at_once(apps: dict[str, Flask]) -> None:
    review = apps["review"]
    slips = "Ask [name] or [other name] by ____, {{day}}, TBD or TODO."
    director, case = drafted(review, f"{GREETING}{GOOD} {slips}")
    page = visit(director, f"/cases/{case}/letter")
    for slip in ("[name]", "[other name]", "____", "{{day}}", "TBD", "TODO"):
        assert f"“{slip}” looks like" in page.html, slip


@pytest.mark.parametrize("words", ["[1]", "[see attached]", "[sic]", "<pilot>"])
def test_ordinary_brackets_ask_for_a_second_look_and_may_be_sent(
    apps: dict[str, Flask], words: str
) -> None:
    review = apps["review"]
    director, case = drafted(review, f"{GREETING}{GOOD} See the plan {words} as well.")
    page = visit(director, f"/cases/{case}/letter")
    assert f"“{words}” is in brackets. Check that nothing is left to fill in." in page.text()
    assert send(director, review, case) == 303


@pytest.mark.parametrize(
    "words",
    [
        "«Title»",
        "«Tu futuro»",
        "el siglo XX",
        "<ray@okafor.example>",
        "Really??",
        "I <3 it",
        "Con todo",
    ],
)
def test_what_only_resembles_a_place_to_fill_in_passes_without_a_word(
    apps: dict[str, Flask], words: str
) -> None:
    review = apps["review"]
    director, case = drafted(review, f"{GREETING}{GOOD} {words}.")
    assert "fill in" not in visit(director, f"/cases/{case}/letter").text()
    assert send(director, review, case) == 303


@pytest.mark.parametrize("how", ["re54l552", "RE54 L552", "re54 l552", "RE54\u00a0L552"])
def test_a_reference_of_another_case_is_found_however_it_is_written(
    apps: dict[str, Flask], how: str
) -> None:
    review = apps["review"]
    take(review, sent("partner-half-idea", reference="RE54L552", proposal_id=uuid4()))
    director, case = drafted(review, f"{GREETING}{GOOD} This goes with {how} from May.")
    page = visit(director, f"/cases/{case}/letter")
    assert "RE54-L552 is the reference of another proposal." in page.text()
    assert send(director, review, case) == 409


def test_what_looks_like_a_reference_and_is_none_does_not_keep_a_letter(
    apps: dict[str, Flask],
) -> None:
    review = apps["review"]
    director, case = drafted(review, f"{GREETING}{GOOD} We use form RE54 L552.")
    assert send(director, review, case) == 303


def test_a_hold_that_has_ended_before_the_letter_is_sent_keeps_it(apps: dict[str, Flask]) -> None:
    review = apps["review"]
    (case,) = received(review)
    clerk = signed_in(review, "triage", name="Renata Kowalczyk")
    tomorrow = calendar.local_day(PROFILE, now()) + timedelta(days=1)
    do(
        clerk,
        case,
        "decision",
        kind="defer",
        reason="capacity_this_term",
        until=tomorrow.isoformat(),
    )
    director = signed_in(review, "director", name="Virginia Haas")
    assert ">Send letter<" in visit(director, f"/cases/{case}/letter").html
    let_time_pass(review, Letter, "until", timedelta(days=2))
    page = visit(director, f"/cases/{case}/letter")
    assert "which has passed. Choose a later day under “Change decision.”" in page.text()
    assert send(director, review, case) == 409
    assert not is_released(review, case)


@pytest.mark.parametrize("folder", ["example", "governance-first", "partner-first"])
def test_no_shipped_letter_looks_unfinished(folder: str) -> None:
    shipped = Profile.of(read(PROFILES / folder))
    filled = [
        text.render(f"{letter['subject']}\n{letter['text']}", _variables(shipped, language, reason))
        for letters in shipped.body["letters"].values()
        for language, letter in letters.items()
        for reason in shipped.in_language(language).reasons
    ]
    assert len(filled) >= 2
    assert [fill_ins.find(letter) for letter in filled] == [fill_ins.FillIns([], [])] * len(filled)


def _variables(shipped: Profile, language: str, reason: dict[str, Any]) -> dict[str, str]:
    office = shipped.in_language(language).offices[0]
    spoken = shipped.in_language(language).institution["name"]
    told = {"name": "Ray Okafor", "title": "Title", "reference": "HK4T-W7RB", "note": "A note."}
    contact = {
        "contact_name": office["contact"]["name"],
        "contact_email": "office@lakeside.example",
    }
    because = {"reason": reason.get("wording", ""), "change": reason.get("change", "")}
    where = {"institution": spoken, "office": office["label"], "passed_to": "the workshop"}
    return {**told, **contact, **because, **where, "until": "Friday, March 5"}
