"""What intake's pages say: in two languages alike, and plain to read."""

import re

import pytest
from flask import Flask

from services.intake.labels import LABELS
from tests.apps import EXAMPLE
from tests.intake.browsing import get
from tests.readability import forbidden, grade, sentences

PLACEHOLDER = re.compile(r"\{\w+\}")
CONTACT = EXAMPLE["offices"][0]["contact"]


def test_each_language_has_every_label_with_the_same_placeholders():
    placeholders = {
        language: {name: set(PLACEHOLDER.findall(text)) for name, text in labels.items()}
        for language, labels in LABELS.items()
    }
    assert placeholders["es"] == placeholders["en"]


def test_the_sentences_of_the_pages_read_at_grade_three_to_seven():
    """Lower than the profile's texts, because half of them are hints and errors of one line."""
    prose = sentences("\n".join(LABELS["en"].values()))
    assert len(prose.split()) > 400
    assert 3 <= grade(prose) <= 7
    assert {text for text in prose.splitlines() if grade(text) > 12} == set()
    assert forbidden(prose, EXAMPLE["plain_words"]["never"]) == []


@pytest.mark.parametrize(
    ("language", "tested", "not_tested"),
    [
        ("en", "What has been tested", "no one who uses a screen reader"),
        ("es", "Qué se ha probado", "nadie que use un lector de pantalla"),
    ],
)
def test_the_accessibility_page_says_what_was_tested_and_whom_to_contact(
    apps: dict[str, Flask], language: str, tested: str, not_tested: str
):
    page = get(apps["intake"].test_client(), f"/accessibility?lang={language}")
    for text in (tested, "axe-core", "375", "JavaScript", not_tested, "WCAG 2.2", CONTACT["name"]):
        assert text in page.text()
    assert f"mailto:{CONTACT['email']}" in page.links
