"""What pages, letters and lists say: all there, in each language, with no placeholder unfilled."""

import re
from pathlib import Path
from typing import Any

import pytest

from shared.events import CaseChanged
from shared.profile import Profile, read
from shared.profile.schema.texts import FLAGS, LABEL_NAMES, LETTERS, PAGES, PUBLIC_LABELS, STATES
from shared.profile.text import render
from tests.readability import strings
from tests.shared.forms import EXAMPLE, FOLDER
from tests.shared.profiles import faults_of

PROFILES = {
    file.parent.name: Profile.of(read(file.parent)) for file in FOLDER.parent.glob("*/form.toml")
}
SPOKEN = [(name, language) for name, one in PROFILES.items() for language in one.languages]


def filled(text: str, names: frozenset[str], **values: str) -> str:
    said = render(text, {name: f"<{name}>" for name in names} | values)
    assert "{{" not in said and "\n\n\n" not in said
    return said


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_every_page_can_be_said(name: str, language: str) -> None:
    for page, names in PAGES.items():
        for text in strings(PROFILES[name].page(page, language)):
            assert filled(text, names).strip()


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_every_public_label_says_what_it_means_and_what_is_needed(name: str, language: str) -> None:
    values = CaseChanged().fields["public_label"].validate.choices  # type: ignore[union-attr]
    assert set(PUBLIC_LABELS) == set(values)
    for value in values:
        said = PROFILES[name].public_label(value, language)
        for key in ("label", "meaning", "needed", "next"):
            text = filled(said.get(key, "…"), LABEL_NAMES)
            assert ("<day>" in text) == (key == "next" and "promise" in said)
        assert said.get("promise", "first_reply") in {*PROFILES[name].promises, "hold"}
        assert filled(said.get("next", "…"), LABEL_NAMES, day="") != ""


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_every_letter_names_the_idea_the_reason_and_somebody_to_write_to(
    name: str, language: str
) -> None:
    profile = PROFILES[name]
    for kind, names in LETTERS.items():
        letter = profile.letter(kind, language)
        full = filled(letter["text"], names)
        for wanted in names - {"institution", "office"}:
            assert f"<{wanted}>" in full, (kind, wanted)
        assert "<title>" in filled(letter["subject"], names)
        bare = filled(letter["text"], names, note="", change="", reason="")
        assert len(bare.split()) < len(full.split()) <= 120 and bare == bare.strip() + "\n"


@pytest.mark.parametrize(("name", "language"), SPOKEN)
def test_every_reason_fits_into_its_letters(name: str, language: str) -> None:
    for reason in PROFILES[name].reasons:
        told = PROFILES[name].reason(reason["value"], language)
        # These two need words of the office: the reason itself, or the name of the other team.
        if reason["value"] not in ("other", "better_served_elsewhere"):
            assert told["wording"] and told["change"]
        assert not re.search("{{|_", told.get("wording", "") + told.get("change", ""))
    offered = {kind for reason in PROFILES[name].reasons for kind in reason["letters"]}
    assert offered == {"decline", "defer", "redirect"}
    with pytest.raises(KeyError):
        PROFILES[name].reason("no_such_reason", language)


def test_states_and_flags_are_never_shown_raw() -> None:
    for profile in PROFILES.values():
        labels_shown = [profile.state_label(one)["label"] for one in (*STATES, "seen_later")]
        labels_shown += [profile.flag_label(one)["label"] for one in (*FLAGS, "found_later")]
        assert not [one for one in labels_shown if "_" in one or one != one[:1].upper() + one[1:]]
    assert EXAMPLE.state_label("seen_later") == {"label": "Seen later"}


def test_doors_lead_to_every_branch_once() -> None:
    for profile in PROFILES.values():
        doors = profile.page("start", "en")["doors"]
        led_to = [branch for door in doors for branch in door["branches"]]
        assert sorted(led_to) == sorted(profile.branches) and len(doors[0]["branches"]) <= 2


BREAKS: dict[str, tuple[str, str, str, str]] = {
    "a changed text without its translation": (
        "questions/you.toml",
        '"Your name"',
        '"Your full name"',
        "es.toml: translations.es: “Your full name” (in questions) is not translated",
    ),
    "a placeholder that the page does not fill": (
        "pages.toml",
        "for twelve hours",
        "until {{day}}",
        "pages.toml: texts.link.text: Unknown placeholder “day”",
    ),
    "one in the translation only": (
        "es.toml",
        'Abrir mi página"',
        'Abrir {{page}}"',
        "texts.link.button: Unknown placeholder “page”",
    ),
    "a page text that nobody shows": (
        "pages.toml",
        "[texts.link]",
        '[texts.link]\nfooter = "x"',
        "texts.link.footer",
    ),
    "a label that stands only beside its case": (
        "decisions.toml",
        'label = "Received"',
        'label = "{{contact_name}} has it"',
        "public_labels.received.label: Unknown placeholder “contact_name”",
    ),
    "an unknown public label": (
        "decisions.toml",
        "[public_labels.live]",
        "[public_labels.alive]",
        "public_labels.alive: code knows no such value",
    ),
    "a date without its promise": (
        "decisions.toml",
        'promise = "first_reply"\n',
        "",
        "public_labels.received.next: use {{day}} in next",
    ),
    "a reason twice": (
        "decisions.toml",
        'value = "out_of_mission"',
        'value = "incomplete"',
        "reasons.incomplete: there is such a reason already",
    ),
    "a reason for no letter": (
        "decisions.toml",
        'letters = ["defer"]',
        'letters = ["delay"]',
        "reasons.capacity_this_term.letters",
    ),
    "a letter missing": (
        "decisions.toml",
        "[letters.defer.es]",
        "[letters.defer.fr]",
        "decisions.toml: letters.defer.es: this text is missing",
    ),
    "an unknown letter": (
        "decisions.toml",
        "[letters.defer.es]",
        "[letters.delay.es]",
        "letters.delay: there is no such kind of letter",
    ),
    "a placeholder of another letter": (
        "decisions.toml",
        "We like your idea",
        "We like {{passed_to}}",
        "letters.defer.en.text: Unknown placeholder “passed_to”",
    ),
    "a state without a label": (
        "staff.toml",
        "launched =",
        "lunched =",
        "states.launched: this label is missing",
    ),
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_text_that_does_not_fit_is_refused_with_file_key_and_reason(
    what: str, tmp_path: Path
) -> None:
    file, old, new, told = BREAKS[what]
    faults: Any = faults_of(tmp_path, file, old, new)
    assert any(told in fault for fault in faults), faults
