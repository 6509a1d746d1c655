"""Answers and questions in the words of those who read them."""

import re

import pytest

from shared.profile.answers import validation
from shared.profile.labels import sheets
from tests.factories import samples
from tests.shared.forms import EXAMPLE, answers_of


@pytest.mark.parametrize("name", samples())
def test_every_answer_can_be_read_in_the_words_of_its_branch(name: str) -> None:
    clean = validation.load(EXAMPLE, answers_of(name))
    rows = {row["key"]: row for sheet in sheets(EXAMPLE, clean) for row in sheet["rows"]}
    branch = clean["proposer_kind"]
    assert set(rows) == {spec["key"] for spec in EXAMPLE.questions_for(branch)} & clean.keys()
    for key, row in rows.items():
        assert row["not_sure"] == (clean[key] == {"not_sure": True}) == (not row["shown"])
        assert not re.search(r"[a-z]_[a-z]|[{}\[\]]|True|False", " ".join(row["shown"])), key


def test_a_month_and_a_day_are_read_in_the_language_of_the_page() -> None:
    for text, english, spanish in (
        ("2027-03", "March 2027", "marzo de 2027"),
        ("2027-09-15", "September 15, 2027", "15 de septiembre de 2027"),
    ):
        clean = validation.load(EXAMPLE, answers_of("partner-sterile-processing"))
        clean["needed_by"]["month"] = text
        for profile, said in ((EXAMPLE, english), (EXAMPLE.in_language("es"), spanish)):
            lines = [
                line
                for sheet in sheets(profile, clean)
                for row in sheet["rows"]
                for line in row["shown"]
            ]
            assert any(line.endswith(f": {said}") for line in lines), said


def test_answers_are_read_as_a_person_says_them() -> None:
    clean = validation.load(EXAMPLE, answers_of("faculty-full-water-testing"))
    rows = {row["key"]: row["shown"] for sheet in sheets(EXAMPLE, clean) for row in sheet["rows"]}
    assert rows["learner_count_first"] == ["12 to 16"]
    assert rows["who_pays"][1] == "Fee per learner, if you know it: $275"
    assert rows["unit_id"] == ["College of Applied Studies (regional campuses)"]
    assert rows["partners"][1] == "Organization: Town of Peñasco Springs"
