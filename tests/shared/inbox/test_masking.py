"""Administrators see the structure of an event but no personal data."""

import json
from pathlib import Path

import pytest

from shared.inbox.masking import MASK, MAX_LENGTH, masked
from tests.factories import EXAMPLES, an_event

CANARIES = ["Dolores", "Whitfield", "hospital.example", "sterile", "http", "Dear", "Tara"]


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.json")), ids=lambda file: file.stem)
def test_no_event_of_ours_shows_a_person_or_a_text(file: Path):
    masked_text = masked(file.read_bytes())
    assert masked_text
    for canary in CANARIES:
        assert canary not in masked_text, (file.name, canary)


def test_what_says_which_event_it_is_stays_readable():
    masked_data = json.loads(masked(an_event("mail.requested.v1", kind="receipt", version=1)))
    assert masked_data["kind"] == "receipt" and masked_data["version"] == 1
    assert len(masked_data["mail_id"]) == 36
    assert set(masked_data["variables"].values()) == {MASK}


def test_a_text_under_a_name_that_is_shown_is_masked_all_the_same():
    masked_data = json.loads(masked(b'{"data": {"state": "call Dolores at 555", "kind": "a b"}}'))
    assert masked_data == {"state": MASK, "kind": MASK}


def test_a_name_that_is_none_of_ours_is_masked_too():
    assert "dolores" not in masked(b'{"data": {"dolores@hospital.example": 1}}')


@pytest.mark.parametrize("under", ["answers", "variables", "body"])
def test_yes_or_no_answers_are_masked(under: str):
    masked_data = json.loads(
        masked(json.dumps({"data": {under: {"veteran": True, "n": [None]}}}).encode())
    )
    assert masked_data == {under: {"veteran": MASK, "n": [MASK]}}


def deep(levels: int) -> bytes:
    return b'{"data": ' + b'{"a": ' * levels + b"1" + b"}" * levels + b"}"


@pytest.mark.parametrize("levels", [300, 900, 5_000, 100_000])
def test_a_deeply_nested_event_is_masked_without_an_error(levels: int):
    assert len(masked(deep(levels))) <= MAX_LENGTH + 2


@pytest.mark.parametrize("bytes_", [b"", b"\xff\xfe", b"[1]", b'{"data": 5}', b"[" * 100_000])
def test_what_cannot_be_read_shows_nothing(bytes_: bytes):
    assert masked(bytes_) == ""


def test_a_huge_event_is_shown_in_part():
    many = {f"k{number}": "x" for number in range(5000)}
    assert len(masked(json.dumps({"data": many}).encode())) <= MAX_LENGTH + 2
