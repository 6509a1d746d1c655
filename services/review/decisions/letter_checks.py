"""What to look at before a letter is sent: what must not go out, and what may be a slip.

The text is checked as it stands in the draft. Drafts with faults can be saved; they cannot be sent.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.review.decisions import fill_ins
from services.review.lifecycle import publication
from services.review.models import Case, Letter, Staff
from services.review.models.states import LetterKind
from shared import calendar, dates, references
from shared.profile import Profile
from shared.tables import now
from shared.typed import search_key

MAX_NAMES = 30  # names looked up in other cases
# Looked for at each word, so that the word before a reference does not hide it.
_REFERENCE = re.compile(r"\b(?=([A-Za-z0-9]{4}[-‐‑–\s]?[A-Za-z0-9]{4})\b)")
_GREETING = re.compile(
    r"(?:Dear|Hello|Hi|Estimad[oa]s?|Querid[oa]|Hola),?[ \u00a0]*([^\n,:]{0,80})[,:]", re.I
)
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?\n]+")
# Looked for at the beginning of a word alone, so that a long word is read once.
_CAPITALIZED = re.compile(r"(?<![\w’'-])[^\W\d_][\w’'-]*(?:[ \u00a0][^\W\d_][\w’'-]*)+")
_ENGLISH = (
    "the and of to is are was were we you our your will would with for this that have has not from"
    " they it be as if please thank"
)
_SPANISH = (
    "el los las y de que es son fue nosotros usted su sus nuestra nuestro con para por esta este"
    " ha han una un no del al gracias como pero"
)
_TELLING = {"en": frozenset(_ENGLISH.split()), "es": frozenset(_SPANISH.split())}
_LANGUAGES = {"en": "English", "es": "Spanish"}


class LetterCheck(NamedTuple):
    """`faults` keep the letter from being sent; `warnings` ask for a second look."""

    faults: list[str]
    warnings: list[str]


def check(session: Session, case: Case, letter: Letter, *, profile: Profile) -> LetterCheck:
    """The sentences to show above the letter."""
    text = f"{letter.subject}\n{letter.text}"
    left = fill_ins.find(text)
    faults = [*left.faults, *_ended_hold(letter, profile)]
    faults += _other_references(session, case, text)
    others = _other_proposers(session, case, text, profile=profile)
    faults += [f"“{name}” is on another proposal, not on this one." for name in others]
    warnings = [*left.warnings, *_greeting(case, letter.text), *_other_language(letter)]
    expected = (publication.contact(case, profile=profile)["name"], letter.drafted_by.name)
    return LetterCheck(faults, warnings + _colleagues(session, case, text, expected=expected))


def _ended_hold(letter: Letter, profile: Profile) -> Iterator[str]:
    """The day until which the case would be on hold, if it is not in the future anymore."""
    if letter.kind != LetterKind.DEFER or letter.until is None:
        return
    today = calendar.local_day(profile, now())
    if letter.until <= today:
        day = dates.in_words(letter.until, profile.languages[0], today=today)
        why = "is today" if letter.until == today else "has passed"
        yield (
            f"The case is on hold until {day}, which {why}."
            " Choose a later day under “Change decision.”"
        )


def _other_references(session: Session, case: Case, text: str) -> Iterator[str]:
    parsed = {references.parse(found[1]) for found in _REFERENCE.finditer(text)}
    foreign = parsed - {None, case.reference}
    if foreign:
        query = select(Case.reference).where(Case.reference.in_(foreign)).order_by(Case.reference)
        for reference in session.scalars(query):
            shown = references.display(reference)
            yield f"{shown} is the reference of another proposal."


def _other_proposers(session: Session, case: Case, text: str, *, profile: Profile) -> list[str]:
    """Names in the text that people of other cases have, and nobody of this one.

    Strangers can name themselves as they like. So only cases count that a colleague has taken on,
    and no name of ours. Confidential people and other offices are left out: the answer would tell
    of them.
    """
    own = search_key(f"{case.search_text} {_our_words(session, case, profile)}")
    readable = func.coalesce(Case.search_public, Case.search_text)
    found = []
    for name in _names(text):
        key = search_key(name)
        if key in own:
            continue
        query = select(Case.people).where(
            Case.id != case.id,
            Case.office == case.office,
            Case.owner_id.is_not(None),
            readable.contains(key, autoescape=True),
        )
        people = [person for row in session.scalars(query.limit(5)) for person in row]
        if any(search_key(person["name"]) == key for person in people):
            found.append(name)
    return found


def _our_words(session: Session, case: Case, profile: Profile) -> str:
    """Whom and what a letter may name: the people of the case, colleagues, standard texts."""
    people = [person["name"] for person in case.people]
    colleagues = session.scalars(select(Staff.name)).all()
    contacts = [office["contact"]["name"] for office in profile.offices]
    letters = [profile.letter(kind, case.language)["text"] for kind in LetterKind]
    return " ".join([*people, *colleagues, *contacts, *letters, *profile.institution.values()])


def _names(text: str) -> list[str]:
    """Two or three words in a row that begin with a capital: what a full name looks like."""
    names: dict[str, None] = {}
    for run in _CAPITALIZED.findall(text):
        words = run.split()
        for size in (3, 2):
            for start in range(len(words) - size + 1):
                part = words[start : start + size]
                if all(word[0].isupper() for word in part):
                    names[" ".join(part)] = None
    return list(names)[:MAX_NAMES]


def _greeting(case: Case, text: str) -> Iterator[str]:
    greeting = _GREETING.search(text[:300])
    if greeting is None:
        yield "The letter has no greeting."
        return
    words = search_key(greeting[1]).split()
    known = {word for person in case.people for word in search_key(person["name"]).split()}
    if not words:
        yield "The greeting names nobody."
    elif case.people and not known.intersection(words):
        yield f"The greeting is to “{greeting[1].strip()}”, who is not on this proposal."


def _other_language(letter: Letter) -> Iterator[str]:
    """A sentence in the language that the proposer did not choose."""
    for sentence in _SENTENCE.findall(letter.text):
        words = [word.casefold() for word in _WORD.findall(sentence)]
        hits = {
            language: sum(word in telling for word in words)
            for language, telling in _TELLING.items()
        }
        own = hits.pop(letter.language, 0)
        for language, number in hits.items():
            if number >= 3 and number > 2 * own:
                start = " ".join(sentence.split()[:6])
                yield (
                    f"“{start}…” seems to be {_LANGUAGES[language]},"
                    f" but this letter is in {_LANGUAGES[letter.language]}."
                )
                return


def _colleagues(session: Session, case: Case, text: str, *, expected: tuple[str, ...]) -> list[str]:
    """Colleagues whom the letter names, other than the owner and those who are expected."""
    key = search_key(text)
    query = select(Staff).where(Staff.active.is_(True), Staff.id != case.owner_id)
    named = [member.name for member in session.scalars(query.order_by(Staff.name))]
    return [
        f"The letter names {name}."
        for name in named
        if name not in expected and search_key(name) in key
    ]
