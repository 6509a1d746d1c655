"""Ideas, people and organizations from word lists."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from infra.tools.load_data import RARE

HERE = Path(__file__).parent
FILES = {"en": "english.toml", "es": "spanish.toml"}
LONGEST_TITLE = 80
WITH_OFTEN = 0.44  # the share of cases with a common word
RARE_EVERY = 20_000


class Idea(NamedTuple):
    """The wording of an idea."""

    field: dict[str, Any]
    title: str
    summary: str
    need: str
    unique: str
    learners: str
    skills: list[str]
    job: str


class Mailbox(NamedTuple):
    """A person outside the office."""

    name: str
    address: str
    organization: str


@cache
def of(language: str) -> dict[str, Any]:
    """The word lists of a language; English for one that has none."""
    file = HERE / FILES.get(language, FILES["en"])
    return tomllib.loads(file.read_text(encoding="utf-8"))


def idea(random: Random, place: int, *, language: str) -> Idea:
    """The idea of the case at this position."""
    lists = of(language)
    field = random.choice(lists["fields"])
    subject, second = random.sample(field["subjects"], 2)
    if place % RARE_EVERY == RARE_EVERY // 40:
        subject = f"{RARE} and {subject}" if language == "en" else f"{subject} ({RARE})"
    blanks = {
        "subject": subject,
        "second": second,
        "people": random.choice(field["people"]),
        "town": random.choice(lists["towns"]),
        "number": str(random.randint(4, 40)),
        "level": random.choice(lists["levels"]),
        "where": random.choice(lists["where"]),
    }
    often = f" {random.choice(lists['often'])}" if random.random() < WITH_OFTEN else ""

    def sentence(name: str) -> str:
        return _capital(random.choice(lists[name]).format(**blanks))

    return Idea(
        field=field,
        title=_title(random, lists["titles"], blanks),
        summary=sentence("summaries") + often,
        need=sentence("needs"),
        unique=sentence("unique"),
        learners=sentence("learners"),
        skills=random.sample(field["skills"], random.randint(2, 3)),
        job=random.choice(field["jobs"]),
    )


def mailbox(random: Random, field: dict[str, Any], *, language: str, campus: str) -> Mailbox:
    """A person with an organization; with `campus` (a domain) a person of the university."""
    lists = of(language)
    given, family, other = random.choice(lists["given"]), *random.sample(lists["family"], 2)
    if random.random() < 0.12:
        family = f"{family}-{other}"
    words = {"family": family, "other": other, "town": random.choice(lists["towns"])}
    firm = random.choice(lists["firm"]).format(kind=random.choice(field["kinds"]), **words)
    domain = campus or f"{_plain(firm)}.example"
    return Mailbox(f"{given} {family}", f"{_plain(given)}.{_plain(family)}@{domain}", firm)


def sentence(random: Random, text: str, *, language: str) -> str:
    """A sentence of a conversation with its blanks filled in."""
    town = random.choice(of(language)["towns"])
    return text.format(town=town, number=random.randint(4, 40))


def _title(random: Random, patterns: list[str], blanks: dict[str, str]) -> str:
    made = random.choice(patterns).format(**blanks)
    return _capital(made if len(made) <= LONGEST_TITLE else blanks["subject"])


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


@lru_cache(4096)
def _plain(text: str) -> str:
    """The text for use in an address: lower case without accents, hyphens for the rest."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", letters.replace("'", "")).strip("-")
