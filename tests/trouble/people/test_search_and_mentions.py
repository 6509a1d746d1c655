"""A search finds names without their accents; a note notifies everyone whom it names."""

import pytest
from flask import Flask

from shared import references
from tests.fakes import take
from tests.review.mails import recipients
from tests.review.office import do, hire, received, sent, signed_in
from tests.review.queue_page import references_on


@pytest.mark.parametrize(
    "words",
    [
        "garcia",
        "García",
        "GARCÍA",
        "soldadura basica",
        "Soldadura Básica",
        "ibanez",
        "Iba\u0301n\u0303ez",
    ],
)
def test_a_search_finds_a_word_with_or_without_its_accents(
    apps: dict[str, Flask], words: str
) -> None:
    review = apps["review"]
    reference = references.new()
    summary = "Lucía García Ibáñez pide soldadura básica."
    take(review, sent("partner-half-idea", reference=reference, answers={"summary": summary}))
    received(review)
    assert references_on(signed_in(review), q=words) == [references.display(reference)]


@pytest.mark.parametrize(
    "note",
    ["@Aisha,@Tom: please look", "@Aisha/@Tom", "@Aisha;@Tom", "@Aisha…@Tom", "—@aisha @TOM"],
)
def test_everyone_whom_a_note_names_is_notified(apps: dict[str, Flask], note: str) -> None:
    review = apps["review"]
    (case,) = received(review)
    aisha = hire(review, "lead", name="Aisha Rahman")
    tom = hire(review, "lead", name="Tom Delacroix")
    clerk = signed_in(review, name="Renata Kowalczyk")

    assert do(clerk, case, "note", note=note).status == 303

    assert recipients(review, "mentioned") == sorted([aisha, tom])


def test_a_colleague_is_named_with_or_without_accents(apps: dict[str, Flask]) -> None:
    review = apps["review"]
    (case,) = received(review)
    jose = hire(review, "lead", name="José Núñez")
    clerk = signed_in(review)
    assert do(clerk, case, "note", note="@jose nunez and @Jose, please").status == 303
    assert recipients(review, "mentioned") == [jose]
