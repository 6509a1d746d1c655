"""The published JSON Schema says the same as the validation, as far as it speaks."""

import json
from typing import Any

import jsonschema
import pytest

from shared.profile.answers import json_schema
from tests.factories import sample, samples
from tests.shared.forms import EXAMPLE, answers_of, every_change, refusals, without

SCHEMA = json_schema.json_schema(EXAMPLE)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
EVERY = 37  # of the changes, one in so many: the reference validator is slow


def fits(body: Any) -> bool:
    return not list(VALIDATOR.iter_errors({"form": "interest", "language": "en", "answers": body}))


def test_it_is_a_valid_schema_and_plain_json() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("name", samples())
def test_every_sample_fits(name: str) -> None:
    assert not [error.message for error in VALIDATOR.iter_errors(sample(name))]


def test_what_it_refuses_the_validation_refuses_and_most_of_what_is_wrong_it_sees() -> None:
    caught = missed = 0
    for number, (name, body) in enumerate(every_change()):
        if number % EVERY:
            continue
        wrong = refusals(body)
        if fits(body):
            missed += bool(wrong)
        else:
            caught += 1
            assert wrong, f"{name}: refused by the schema alone"
    assert caught > 20 * missed


def test_it_knows_the_conditions() -> None:
    body = answers_of("partner-half-idea", demand_evidence=["open_jobs"])
    assert not fits(body)
    assert fits(body | {"demand_notes": "Nine"})
    assert not fits(answers_of("partner-half-idea", demand_notes="Nine"))
    assert fits(answers_of("partner-half-idea", partner_roles=["define_skills"]))
    full = answers_of("faculty-full-water-testing")
    assert not fits(full | {"expires": {"kind": "permanent"}})
    assert fits(without(full, "renewal") | {"expires": {"kind": "permanent"}})
    assert not fits(full | {"lead_faculty": {"who": "me", "name": "A. Person"}})
    assert not fits(full | {"lead_faculty": {"who": "someone_else"}})


def test_it_knows_the_branches_and_not_sure() -> None:
    assert not fits({"proposer_kind": "dean"})
    assert not fits(answers_of("partner-half-idea", unit_id="business"))
    assert not fits(answers_of("partner-half-idea", entry_trigger="partner_need"))
    assert not fits(answers_of("partner-half-idea", need={"not_sure": True}))
    assert fits(answers_of("partner-half-idea", mastery_level={"not_sure": True}))
    assert not fits(
        answers_of("partner-half-idea", demand_evidence=["open_jobs", "nothing_written_yet"])
    )


def test_it_says_the_words_of_each_branch() -> None:
    partner = SCHEMA["$defs"]["answers_partner"]["properties"]
    faculty = SCHEMA["$defs"]["answers_faculty"]["properties"]
    assert partner["need"]["title"] == "What problem do you want to solve?"
    assert faculty["need"]["title"] == "What need would it meet?"
    assert partner["need"]["description"].startswith("What has changed")
