"""Another language changes every word that people read, and nothing else."""

import re
import tomllib

import pytest
from marshmallow import ValidationError

from shared.profile import Profile, read
from shared.profile.answers import validation
from shared.profile.labels import hint, label, sheets, title
from shared.profile.translations import texts
from tests.factories import sample, samples
from tests.shared.forms import EXAMPLE, FOLDER, answers_of

SPANISH = EXAMPLE.in_language("es")
SAME = {"Formal", "Informal", "Local", "Regional", "No", "O*NET", "Sector"}  # Spanish too


def test_the_spanish_form_has_no_english_text() -> None:
    for branch in EXAMPLE.branches:
        for (section, questions), (written, _) in zip(
            SPANISH.pages(branch), EXAMPLE.pages(branch), strict=True
        ):
            assert title(section, branch) != title(written, branch)
            for spec in questions:
                for spanish, english in texts_of(SPANISH, spec["key"], branch):
                    assert spanish and (spanish != english or english in SAME), english


def texts_of(profile: Profile, key: str, branch: str) -> list[tuple[str, str]]:
    """What a question of the form says in this profile, beside what the example says."""
    pairs = []
    mine, written = profile.question(key), EXAMPLE.question(key)
    for one, other in zip(
        [mine, *mine.get("parts", [])], [written, *written.get("parts", [])], strict=True
    ):
        pairs += [(label(one, branch), label(other, branch))]
        pairs += [(hint(one, branch), hint(other, branch))] if hint(other, branch) else []
        if "choices_from" not in other and other["type"] in ("single", "multi"):
            offered = zip(profile.choices(one, branch), EXAMPLE.choices(other, branch), strict=True)
            pairs += [(spanish["label"], english["label"]) for spanish, english in offered]
    return pairs


@pytest.mark.parametrize("name", samples())
def test_the_language_changes_no_answer(name: str) -> None:
    clean = validation.load(EXAMPLE, sample(name)["answers"])
    assert validation.load(SPANISH, sample(name)["answers"]) == clean
    here, there = sheets(EXAMPLE, clean), sheets(SPANISH, clean)
    assert [[row["key"] for row in one["rows"]] for one in here] == [
        [row["key"] for row in one["rows"]] for one in there
    ]


def test_answers_and_errors_are_told_in_the_language_that_was_asked_for() -> None:
    clean = validation.load(SPANISH, answers_of("faculty-full-water-testing"))
    rows = {row["key"]: row["shown"] for sheet in sheets(SPANISH, clean) for row in sheet["rows"]}
    assert rows["learner_count_first"] == ["12 a 16"] and rows["consent_privacy"] == ["Sí"]
    with pytest.raises(ValidationError) as refused:
        validation.load(SPANISH, {"proposer_kind": "partner", "working_title": "x" * 81})
    spanish = {found["pointer"]: found for found in validation.problems(refused.value, "es")}
    assert (
        spanish["/working_title"]["message"] == "Acorte el texto a 80 caracteres. Ahora tiene 81."
    )
    assert spanish["/skills"]["message"].endswith("o elija «Aún no lo sé, necesito ayuda».")
    english = {found["pointer"]: found for found in validation.problems(refused.value)}
    assert {key: one["code"] for key, one in english.items()} == {
        key: one["code"] for key, one in spanish.items()
    }
    assert english["/working_title"]["message"] == "Shorten this to 80 characters. It has 81 now."


def test_a_translation_is_the_same_version_and_leads_back() -> None:
    assert SPANISH.version == EXAMPLE.version and SPANISH != EXAMPLE
    assert SPANISH.in_language("en") is EXAMPLE.in_language("en")
    assert EXAMPLE.in_language("fr") == EXAMPLE and SPANISH.in_language("es") == SPANISH
    assert Profile.of(read(FOLDER.parent / "partner-first")).in_language("es").language == "en"
    assert SPANISH.page("start", "en") == EXAMPLE.page("start", "en")


def test_no_translation_is_left_over() -> None:
    known = tomllib.loads((FOLDER / "es.toml").read_text(encoding="utf-8"))["translations"]["es"]
    named = {text for _, text in texts(EXAMPLE.body)}
    others = {entry.get(key) for entry in EXAMPLE.offices for key in ("place", "hours")}
    others |= {entry["contact_title"] for entry in EXAMPLE.offices}
    others |= {value["label"] for value in EXAMPLE.body["flags"].values()}
    assert known.keys() - named - others == set()
    marks = {text: sorted(re.findall("{{.*?}}", text)) for text in known}
    assert all(sorted(re.findall("{{.*?}}", known[text])) == names for text, names in marks.items())
