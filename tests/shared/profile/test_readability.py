"""What partners read is easy to read: every page, mail and letter of every profile we ship."""

import re

import pytest

from services.intake import labels
from shared.profile import Profile, read
from shared.profile.answers.sentences import REQUIRED, SENTENCES
from shared.web.ui.labels import LABELS
from tests.readability import forbidden, grade, read_by_partners, sentences, syllables
from tests.shared.forms import FOLDER

PROFILES = sorted(folder.parent.name for folder in FOLDER.parent.glob("*/form.toml"))


@pytest.mark.parametrize("name", PROFILES)
def test_partners_read_plain_words_at_grade_eight_at_most(name: str) -> None:
    profile = Profile.of(read(FOLDER.parent / name))
    rules = profile.body["plain_words"]
    texts = dict(read_by_partners(profile))
    assert len(texts) > 50 and all(texts[page] for page in texts if page != "letter other")
    hard = {page: round(grade(text), 1) for page, text in texts.items() if grade(text) > 8}
    assert not hard and rules["max_grade"] == 8
    never = {page: forbidden(text, rules["never"]) for page, text in texts.items()}
    assert not {page: words for page, words in never.items() if words}


@pytest.mark.parametrize("name", PROFILES)
def test_pages_mails_and_letters_read_at_grade_five_to_seven(name: str) -> None:
    texts = dict(read_by_partners(Profile.of(read(FOLDER.parent / name))))
    prose = {
        place: sentences(text)
        for place, text in texts.items()
        if place.startswith(("page", "mail", "letter"))
    }
    assert 5 <= grade("\n".join(prose.values())) <= 7


@pytest.mark.parametrize("name", PROFILES)
def test_no_page_mail_or_letter_reads_like_a_telegram(name: str) -> None:
    texts = dict(read_by_partners(Profile.of(read(FOLDER.parent / name))))
    long = {place: sentences(text) for place, text in texts.items() if place[:4] != "form"}
    long = {place: text for place, text in long.items() if len(text.split()) >= 50}
    short = {place: round(grade(text), 1) for place, text in long.items() if grade(text) < 4}
    assert len(long) > 40 and not short


def test_labels_of_the_pages_and_error_sentences_read_at_grade_seven_at_most() -> None:
    """They have no floor: a button or an error is short on purpose."""
    pages = [*labels.LABELS["en"].values(), *(words for words in LABELS["en"].values())]
    errors = [*SENTENCES["en"].values(), *REQUIRED["en"].values()]
    for texts in (pages, errors):
        lines = "\n".join(re.sub(r"{\w+}", "three", text) for text in texts)
        assert len(lines) > 1000 and grade(sentences(lines)) <= 7


def test_words_of_the_university_are_on_the_list_of_every_profile() -> None:
    expected = {"WISER", "LMS", "non-credit", "mastery", "modality", "asynchronous", "CEU"}
    for name in PROFILES:
        never = read(FOLDER.parent / name)["plain_words"]["never"]
        assert expected | {"competencies"} <= set(never), name


def test_the_measure_tells_hard_from_easy() -> None:
    assert grade("Institutional governance necessitates interdisciplinary coordination.") > 16
    assert grade("We read it. We write to you. You need to do nothing.") < 2
    easy, hard = "Tell us. We ask you again.", "Tell us, and because we ask you again, wait a bit"
    assert grade(easy) < grade(hard)
    assert forbidden("Credit or Non-Credit?", ["non-credit", "LMS"]) == ["non-credit"]


@pytest.mark.parametrize(
    ("word", "beats"),
    [("cat", 1), ("asked", 1), ("needed", 2), ("table", 2), ("idea", 3), ("create", 2)]
    + [("places", 2), ("university", 5), ("organization", 5), ("someone", 2), ("reviewed", 2)],
)
def test_syllables_are_counted_as_one_hears_them(word: str, beats: int) -> None:
    assert syllables(word) == beats
