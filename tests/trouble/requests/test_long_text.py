"""Text that is made to take long is read in time, whatever reads it."""

import inspect
import time
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from itertools import product
from typing import Any

import pytest
from flask import Flask
from marshmallow import ValidationError

from services.review.conversation.notes import UnclearMention, mentioned
from services.review.decisions import fill_ins, letter_checks
from services.review.staff import passwords
from shared import references, typed
from shared.profile.answers import characters, values
from shared.typed import months, numbers, phones
from shared.web.ui import filters
from tests.apps import on_sqlite
from tests.intake import form_filling as filling
from tests.intake.browsing import HTML, get

LENGTHS = (625, 1250, 2500, 5000, 10_000, 20_000)  # so that a bad pattern fails at a short text
GROWTH = 3  # twice the text may take three times as long, but not four times
SLOW = 0.2  # seconds of this process; less than that says nothing about growth
UNITS = [
    " ", "5", "1,", "a", "a.", "ext ", "#", "(", "@", "a@", ".", "-", "1-", "/", ":", "+", "5 ",
    "<", ">", "<@", "<a@", "\n", "\t", "\u00a0", "\u200b", "\u2013", "mailto:", "about ",
    "from 1 ", "1. ", "\u2022 ", "de ", "1 de ", "http://", "e\u0301", "\ufdfa", "\u00c1",
    "\u0301\u0316", "\u0316\u0301\u0345\u05b0", "\u0344", "\u0f73\u0f71", "\u0301\uff9e",
    "«", "« ", "[", "{{", "@é", "@a ", " @a", "A ",
]  # fmt: skip
AROUND = [("", ""), ("5", "5"), ("<", ""), ("«", "x"), ("a", "@b.example")]


def _functions(module: Any) -> dict[str, Callable[[str], Any]]:
    """The public functions of this module that take one text."""
    return {
        f"{module.__name__}.{name}": function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_")
        and function.__module__.startswith(module.__name__)
        and _takes_a_text(function)
    }


def _takes_a_text(function: Callable[..., Any]) -> bool:
    takes = list(inspect.signature(function).parameters.values())
    others = all(one.default is not one.empty for one in takes[1:])
    return bool(takes) and takes[0].annotation is str and others


def _reader(name: str) -> Callable[[str], Any]:
    return lambda text: values.READERS[name]({}, text)


READS = {
    **_functions(typed),
    **_functions(months),
    **_functions(numbers),
    **_functions(phones),
    **_functions(values),
    **_functions(characters),
    **_functions(references),
    **{name: _reader(name) for name in ("text", "long_text", "phone", "url", "date_or_month")},
    "typed_length": filters.typed_length,
    "places to fill in": fill_ins.find,
    "names in a letter": letter_checks._names,
    "mentions": lambda text: mentioned(text, []),
    "too long a password": lambda text: passwords.hash_password(text + "x" * passwords.MAX_BYTES),
}


def _work(read: Callable[[str], Any], text: str) -> float:
    """The seconds of this process that it takes to read a text, or to refuse it."""
    begin = time.process_time()
    with suppress(ValidationError, ValueError, UnclearMention):
        read(text)
    return time.process_time() - begin


def _text(unit: str, around: tuple[str, str], length: int) -> str:
    before, after = around
    return before + (unit * length)[:length] + after


def test_the_functions_that_read_typed_text_are_found():
    assert {
        "shared.typed.phones.phone",
        "shared.typed.email",
        "shared.typed.search_key",
    } <= READS.keys()
    assert len(READS) > 20


@pytest.mark.parametrize("name", READS)
def test_twice_the_text_is_at_most_thrice_the_work(name: str):
    read = READS[name]
    for unit, around in product(UNITS, AROUND):
        before = SLOW
        for length in LENGTHS:
            text = _text(unit, around, length)
            work = min(_work(read, text), _work(read, text))
            assert work < max(SLOW, GROWTH * before), (unit, around, length, before, work)
            before = work


@pytest.mark.parametrize(
    ("kind", "read", "around"),
    [
        ("email", typed.email, ("pat@", "example.org")),
        ("phone", typed.phone, ("5", "5")),
        ("url", typed.link, ("example", ".org")),
        ("date_or_month", typed.month, ("March", "2027")),
        ("money", typed.number, ("about", "5")),
        ("number", typed.decimal, ("about", "5.5")),
        ("integer_range", typed.count_range, ("10", "-15")),
    ],
)
def test_a_text_too_long_to_be_read_stays_as_it_was_typed_and_is_refused(
    kind: str, read: Callable[[str], Any], around: tuple[str, str]
):
    spaced = _text(" ", around, 2_500)
    assert read(spaced) == spaced
    with pytest.raises(ValidationError):
        values.READERS[kind]({"limits": {"min": 1, "max": 99}}, spaced)


def test_letters_with_as_many_marks_as_any_language_has_are_composed_as_before():
    for letter in ("e\u0301", "a\u0323\u0302", "\u1100\u1161\u11a8", "x" + "\u0322" * 8):
        assert typed.composed(letter) == unicodedata.normalize("NFC", letter)


@on_sqlite
def test_a_list_of_very_many_lines_is_shown_on_a_page_of_usual_length(apps: dict[str, Flask]):
    client = apps["intake"].test_client()
    first = filling.begin(client, "partner")
    page = get(client, first.address.rpartition("/")[0] + "/idea")
    form = {**dict(page.form.data()), "skills": "x\n" * 60_000, "go": "next"}
    answer = client.post(page.address, data=form, headers=HTML, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.text.count("<input") < 200
    assert "at most. There are 101 now." in answer.text
