"""The reading grade of a text, and all texts of a profile that partners read.

The measure is the Flesch-Kincaid grade: 0.39 × words a sentence + 11.8 × syllables a word − 15.59,
the school year in which an average American child reads it with ease. A line is a sentence at
least, since labels and choices end without a period. Syllables are counted by rules: each run of
vowels is one; a silent e at the end (not in "table") and a silent e of "-es" and "-ed" do not
count; a few pairs count as two ("idea", "create", "going").
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

from shared.mails.kinds import KINDS, TO_PROPOSERS
from shared.profile import Profile
from shared.profile.labels import hint, label, missing, title
from shared.profile.schema.texts import LABEL_NAMES, LETTERS, PAGES
from shared.profile.text import render

EXAMPLES = {  # example values of placeholders
    "title": "Reading shop drawings",
    "office": "eLearning",
    "institution": "Lakeside State University",
    "day": "Thursday, December 3",
    "today": "Tuesday, November 17",
    "until": "May 3",
    "contact_email": "ideas@lake.example",
    "status_url": "lake.example/status",
    "reference": "HK4T-W7RB",
    "count": "3",
    "minutes": "12",
    "letter": "",
    "reason": "",
    "change": "",
    "note": "",
}

_ADDRESS_OR_NUMBER = re.compile(
    r"\S+@[\w.-]*\w|[\w/:.-]+\.example(?:/[\w/]*\w)?|[\w-]*[0-9](?:[\w:,.-]*\w)?"
)
_TWO = re.compile(
    "ia|io(?!u|n$|ns$)|(?<=id|ar)ea|(?<=cr)ea|eo(?!p)|ua|uou|(?<=sc|cl)ie|ying|oing|eing|iet"
)
_SILENT = re.compile(
    "(?<=[a-z])(?<![^aeiouy]l)e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscxzgh])es$|(?<=som)e(?=[a-z])"
)


def syllables(word: str) -> int:
    """The approximate number of syllables; at least one."""
    spoken = _SILENT.sub("", word.lower().strip("'’"))
    runs = len(re.findall("[aeiouy]+", spoken))
    return max(1, runs + len(_TWO.findall(spoken)))


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text; an address or a number counts as one short word."""
    plain = _ADDRESS_OR_NUMBER.sub("one", text)
    sentences = [part for part in re.split(r"[.?!\n]+", plain) if re.search("[A-Za-z]", part)]
    words = re.findall(r"[A-Za-z]+(?:['’][a-z]+)?", plain)
    if not words:
        return 0.0
    beats = sum(syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * beats / len(words) - 15.59


def sentences(text: str) -> str:
    """The lines of a text that are whole sentences, without titles, labels, buttons and choices."""
    return "\n".join(line for line in text.splitlines() if line.strip().endswith((".", "?", "!")))


def forbidden(text: str, words: list[str]) -> list[str]:
    """The words that occur in the text, in any case."""
    return [word for word in words if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)]


def read_by_partners(profile: Profile) -> Iterator[tuple[str, str]]:
    """Name and text of each page, mail and letter that a partner reads, in American English."""
    for section, questions in profile.pages("partner"):
        lines = [title(section, "partner"), *_of_questions(profile, questions)]
        yield f"form {section['id']}", "\n".join(lines)
    for name, placeholders in PAGES.items():
        said = [_filled(text, placeholders) for text in strings(profile.page(name, "en"))]
        yield f"page {name}", "\n".join(said)
    for value, labelled in profile.body["public_labels"].items():
        stored = [text for key, text in labelled.items() if key != "promise"]
        yield f"label {value}", "\n".join(_filled(text, LABEL_NAMES) for text in stored)
    for kind in TO_PROPOSERS:
        placeholders = frozenset(KINDS[kind].variables().fields)
        yield f"mail {kind}", _filled(profile.mail(kind, "en")["text"], placeholders)
    yield from _letters(profile)


def _letters(profile: Profile) -> Iterator[tuple[str, str]]:
    for kind, placeholders in LETTERS.items():
        text = profile.letter(kind, "en")["text"]
        yield f"letter {kind}", _filled(text, placeholders)
    for reason, kind in product(profile.reasons, LETTERS):
        if kind in reason["letters"]:
            why = {name: reason.get(name, "") for name in ("wording", "change")}
            text = profile.letter(kind, "en")["text"]
            filled = _filled(text, LETTERS[kind], reason=why["wording"], change=why["change"])
            yield f"letter {kind}, {reason['value']}", filled


def _of_questions(profile: Profile, questions: list[dict[str, Any]]) -> Iterator[str]:
    for spec in [each for one in questions for each in (one, *one.get("parts", []))]:
        if profile.need(spec, "partner") == "absent":
            continue
        texts = (label(spec, "partner"), hint(spec, "partner"), missing(spec, "partner"))
        yield from filter(None, texts)
        for choice in profile.choices(spec, "partner") if "choices_from" not in spec else []:
            yield from filter(None, (choice["label"], choice.get("hint")))


def strings(value: Any) -> Iterator[str]:
    """All texts at any depth, without the names of branches."""
    if isinstance(value, str):
        yield value
        return
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if key != "branches":
            yield from strings(inner)


def _filled(text: str, placeholders: frozenset[str], **values: str) -> str:
    names = {name: EXAMPLES.get(name, _usual(name)) for name in placeholders}
    return render(text, names | values)


def _usual(name: str) -> str:
    """A day for a date placeholder, a person for any other."""
    return EXAMPLES["day"] if name.endswith(("_by", "_until", "due")) else "Marcus Bell"
