"""The sentence for a missing answer names what to enter, in every profile, branch and language."""

from typing import Any

import pytest

from shared.profile import Profile, read
from shared.profile.labels import missing
from tests.shared.forms import FOLDER

Spec = dict[str, Any]

SPOKEN = [
    (folder.name, language)
    for folder in sorted(file.parent for file in FOLDER.parent.glob("*/form.toml"))
    for language in Profile.of(read(folder)).languages
]


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_every_question_that_must_be_answered_says_what_to_enter(name: str, language: str) -> None:
    profile = Profile.of(read(FOLDER.parent / name)).in_language(language)
    without = {
        (branch, spec["key"], part.get("name"))
        for branch in profile.branches
        for spec in profile.questions_for(branch)
        for part in ({}, *spec.get("parts", []))
        if _must_be_answered(profile, spec, part, branch) and not missing(part or spec, branch)
    }
    assert not without


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_the_sentence_tells_people_to_do_something(name: str, language: str) -> None:
    profile = Profile.of(read(FOLDER.parent / name)).in_language(language)
    verbs = {
        "en": ("Add", "Check", "Choose", "Cite", "Describe", "Enter", "Explain", "Tell"),
        "es": ("Añada", "Cuéntenos", "Describa", "Descríbalo", "Díganos", "Elija", "Escriba")
        + ("Indique", "Marque"),
    }
    sentences = {
        missing(spec, branch)
        for branch in profile.branches
        for question in profile.questions_for(branch)
        for spec in (question, *question.get("parts", []))
    } - {""}
    assert len(sentences) > 30
    for sentence in sentences:
        assert sentence.split()[0] in verbs[language] and sentence.endswith((".", ".”")), sentence


def _must_be_answered(profile: Profile, spec: Spec, part: Spec, branch: str) -> bool:
    if part:
        return profile.need(part, branch) == "required"
    return profile.need(spec, branch) in ("required", "or_not_sure")
