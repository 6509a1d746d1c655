"""The example form for tests, and answers with faults that must be found."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from marshmallow import ValidationError

from shared.profile import Profile, read
from shared.profile.answers import validation
from tests.factories import sample, samples

FOLDER = Path(__file__).parents[2] / "profiles" / "example"
EXAMPLE = Profile.of(read(FOLDER))

# A loaded machine is no failure, and runs beside one another share no file of examples.
UNHURRIED = settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])

# One of every kind that JSON knows, and look-alikes of the right ones.
ODDITIES: list[Any] = [
    None,
    "",
    "  ",
    "5",
    "not_sure",
    5,
    -1,
    0,
    1.0,
    1.3,
    True,
    False,
    [],
    {},
    [None],
    [5],
    [[]],
    ["x", "x"],
    {"not_sure": True},
    {"not_sure": 1},
    {"not_sure": False},
    {"not_sure": True, "why": "x"},
    {"from": 1, "to": "2"},
    {"from": 3, "to": 2},
    {"name": 7},
]


def answers_of(name: str, **changes: Any) -> dict[str, Any]:
    """The answers of a sample with these replaced."""
    found: dict[str, Any] = copy.deepcopy(sample(name)["answers"])
    return found | changes


def without(answers_given: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in answers_given.items() if key not in keys}


def refusals(body: Any, profile: Profile = EXAMPLE) -> dict[str, str]:
    """The error code of each invalid answer by JSON pointer; empty if all are valid."""
    try:
        validation.load(profile, body)
    except ValidationError as error:
        return {found["pointer"]: found["code"] for found in validation.problems(error)}
    return {}


def every_change() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each sample with each answer dropped, and with odd values for each question and part."""
    for name in samples():
        for key, value in answers_of(name).items():
            yield name, without(answers_of(name), key)
            for other in _changes(value):
                yield name, answers_of(name, **{key: other})
        for key in [*EXAMPLE.by_key, "another"]:
            for odd in ODDITIES:
                yield name, answers_of(name, **{key: odd})


def _changes(value: Any) -> Iterator[Any]:
    """An object with a part dropped or odd; a list with an item twice or a hundred times."""
    for part in value if isinstance(value, dict) else ():
        yield without(value, part)
        yield from (value | {part: odd} for odd in ODDITIES)
    for item in value[:1] if isinstance(value, list) else ():
        yield [*value, item]
        yield [item] * 100
