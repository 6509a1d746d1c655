"""What must, may and must not be answered, in each branch and after each answer."""

import json
from typing import Any

import pytest
from marshmallow import ValidationError

from shared.profile import Profile
from shared.profile.answers import validation
from tests.factories import samples
from tests.shared.forms import EXAMPLE, ODDITIES, answers_of, every_change, refusals, without

NOT_SURE = {"not_sure": True}


@pytest.mark.parametrize("name", samples())
def test_every_sample_is_accepted_and_comes_back_as_it_was_but_for_what_we_record(
    name: str,
) -> None:
    body = answers_of(name)
    clean = validation.load(EXAMPLE, body)
    assert validation.without_presets(EXAMPLE, clean) == {"copy_to_me": True} | body
    recorded = clean.keys() - body.keys() - {"copy_to_me"}
    partner = body["proposer_kind"] == "partner"
    assert recorded == ({"entry_trigger", "partner_status"} if partner else set())
    assert list(clean) == [key for key in EXAMPLE.by_key if key in clean]


@pytest.mark.parametrize("name", samples())
def test_a_clean_answer_loads_again_unchanged(name: str) -> None:
    clean = validation.load(EXAMPLE, answers_of(name))
    assert validation.load(EXAMPLE, validation.without_presets(EXAMPLE, clean)) == clean


@pytest.mark.parametrize("name", samples())
def test_what_must_be_answered_is_missed_and_what_may_is_not(name: str) -> None:
    body = answers_of(name)
    for key in body.keys() - {"proposer_kind"}:
        need = EXAMPLE.need(EXAMPLE.question(key), body["proposer_kind"])
        problems = refusals(without(body, key))
        assert (problems.get(f"/{key}") == "required") == (need != "optional"), key


@pytest.mark.parametrize("name", samples())
def test_not_sure_is_taken_only_where_it_is_offered(name: str) -> None:
    branch = answers_of(name)["proposer_kind"]
    for spec in EXAMPLE.questions:
        key, need = spec["key"], EXAMPLE.need(spec, branch)
        if key in ("proposer_kind", "attachments"):
            continue
        problem = refusals(answers_of(name, **{key: NOT_SURE})).get(f"/{key}")
        offered = need == "or_not_sure" or (need == "optional" and spec.get("not_sure", False))
        if offered:
            assert problem in (None, "not_asked") and (problem is None or "when" in spec), key
        else:
            assert problem in ("not_sure_not_offered", "not_asked"), key
            assert problem == "not_sure_not_offered" or need == "absent" or "when" in spec, key


@pytest.mark.parametrize("name", samples())
def test_an_unknown_key_is_refused_at_any_depth(name: str) -> None:
    for key in ("id", "status", "__proto__", "constructor", "$ne", "_schema", "", "a/b~c"):
        pointer = "/" + key.replace("~", "~0").replace("/", "~1")
        assert refusals(answers_of(name, **{key: "x"})) == {pointer: "unknown"}
    for key, value in answers_of(name).items():
        if isinstance(value, dict) and value.keys() != {"from", "to"} and value != NOT_SURE:
            problems = refusals(answers_of(name, **{key: value | {"_schema": 1}}))
            assert problems == {f"/{key}/_schema": "unknown"}


@pytest.mark.parametrize("name", samples())
def test_what_another_branch_is_asked_is_refused(name: str) -> None:
    branch = answers_of(name)["proposer_kind"]
    for spec in EXAMPLE.questions:
        if EXAMPLE.need(spec, branch) == "absent":
            for odd in [*ODDITIES, *spec.get("preset", {}).values()]:
                problems = refusals(answers_of(name, **{spec["key"]: odd}))
                assert problems[f"/{spec['key']}"] == "not_asked"


def test_each_change_of_a_sample_is_accepted_or_refused_where_it_was_made() -> None:
    """No input may raise anything but ValidationError, nor be blamed on an untouched answer.

    Untouched answers may be refused only because a change made them needed or not asked.
    """
    for number, (name, body) in enumerate(every_change()):
        if number % 7:
            continue
        base = answers_of(name)
        keys = base.keys() | body.keys()
        touched = {key for key in keys if repr(base.get(key, ...)) != repr(body.get(key, ...))}
        for pointer, code in refusals(body).items():
            key = pointer.split("/")[1]
            assert key in touched or code in ("required", "not_asked", "unknown"), (name, pointer)


def test_accepted_changes_keep_their_json_type() -> None:
    """What is stored is what was sent: nothing became a number, a truth or a list on the way."""
    for number, (_, body) in enumerate(every_change()):
        if number % 7 == 3 and not refusals(body):
            clean = validation.load(EXAMPLE, body)
            sent = json.loads(json.dumps(body), parse_float=_as_kept)
            assert json.dumps({key: clean[key] for key in body}) == json.dumps(sent)


def _as_kept(digits: str) -> int | float:
    return int(float(digits)) if float(digits).is_integer() else float(digits)


def test_a_condition_decides_whether_a_question_is_asked() -> None:
    nothing_yet = answers_of("partner-half-idea")
    assert refusals(nothing_yet | {"demand_notes": "x"}) == {"/demand_notes": "not_asked"}
    open_jobs = nothing_yet | {"demand_evidence": ["open_jobs"]}
    assert refusals(open_jobs) == {"/demand_notes": "required"}
    assert refusals(open_jobs | {"demand_notes": "Nine of them"}) == {}


def test_a_condition_on_a_part_and_one_inside_a_composite_are_judged() -> None:
    body = answers_of("faculty-full-water-testing")
    assert refusals(body | {"expires": {"kind": "permanent"}}) == {"/renewal": "not_asked"}
    assert refusals(body | {"expires": NOT_SURE}) == {"/renewal": "not_asked"}
    nameless = {"lead_faculty": {"who": "someone_else"}}
    assert refusals(body | nameless) == {"/lead_faculty/name": "required"}
    both = {"lead_faculty": {"who": "me", "name": "A. Person"}}
    assert refusals(body | both) == {"/lead_faculty/name": "not_asked"}


def test_not_sure_matches_no_condition() -> None:
    """Neither "one that is not in the list" nor "has a value" holds for an answer that is open."""
    for when in ({"not_in": ["none_yet"]}, {"given": True}):
        changes: dict[str, dict[str, Any]] = {
            "demand_evidence": {"requirement": dict.fromkeys(EXAMPLE.branches, "or_not_sure")},
            "demand_notes": {"when": {"key": "demand_evidence"} | when},
        }
        questions = [spec | changes.get(spec["key"], {}) for spec in EXAMPLE.questions]
        form = Profile.of(EXAMPLE.body | {"questions": questions})
        body = answers_of("partner-half-idea", demand_evidence=["open_jobs"])
        assert refusals(body, form) == {"/demand_notes": "required"}
        assert refusals(body | {"demand_evidence": NOT_SURE}, form) == {}


def test_a_preset_counts_in_conditions() -> None:
    assert refusals(answers_of("partner-half-idea", partner_roles=["define_skills"])) == {}
    alone = answers_of("faculty-python-for-analysts", partner_status="none")
    alone = without(alone, "partners", "partner_roles", "partner_recognition", "existing_contact")
    alone = without(alone, "org_location")
    assert refusals(alone) == {}
    assert refusals(alone | {"partner_roles": ["define_skills"]}) == {"/partner_roles": "not_asked"}


def test_an_exclusive_choice_excludes_others() -> None:
    both = answers_of("faculty-full-water-testing", demand_evidence=["pilot", "none_yet"])
    assert refusals(both) == {"/demand_evidence": "stands_alone"}


def test_a_choice_of_another_branch_is_no_choice() -> None:
    body = answers_of("partner-half-idea", audience=["community", "graduate_students"])
    assert refusals(body) == {"/audience/1": "choice"}
    credits = {"length": {"amount": 3, "unit": "credits"}}
    assert refusals(answers_of("partner-half-idea", **credits)) == {"/length/unit": "choice"}


def test_items_are_distinct_after_trimming_and_blamed_by_their_index() -> None:
    body = answers_of("partner-half-idea", skills=["Load a tray", "Read a chart", " Load a tray "])
    assert refusals(body) == {"/skills/2": "duplicate"}
    blank = answers_of("partner-half-idea", skills=["Load a tray", "\u200b", 7])
    assert refusals(blank) == {"/skills/1": "empty", "/skills/2": "type"}
    eleven = answers_of("partner-half-idea", skills=[f"Skill {number}" for number in range(11)])
    assert refusals(eleven) == {"/skills": "too_many"}


def test_people_are_blamed_part_by_part() -> None:
    people = [{"name": "A", "email": "a@b.org"}, {"name": "B", "email": "b@", "age": 7}]
    assert refusals(answers_of("partner-half-idea", co_proposers=people)) == {
        "/co_proposers/1/email": "bad_email",
        "/co_proposers/1/age": "unknown",
    }


def test_files_are_never_part_of_the_answers() -> None:
    for odd in [*ODDITIES, ["letter.pdf"]]:
        problems = refusals(answers_of("partner-half-idea", attachments=odd))
        assert problems == {"/attachments": "files_apart"}


def test_an_empty_body_names_everything_that_each_branch_must_answer() -> None:
    problems = refusals({})
    assert set(problems.values()) == {"required"}
    assert set(problems) >= {"/proposer_kind", "/contact_name", "/contact_email", "/working_title"}
    assert refusals({"proposer_kind": "dean", "x": 1})["/proposer_kind"] == "choice"
    assert refusals({"proposer_kind": "dean", "x": 1})["/x"] == "unknown"
    for odd in (["partner"], {"a": 1}, True, 1):
        assert refusals({"proposer_kind": odd})["/proposer_kind"] == "choice"


@pytest.mark.parametrize("body", [None, [], "x", 5, True, [{}]])
def test_answers_that_are_no_object_are_one_problem(body: Any) -> None:
    assert refusals(body) == {"": "type"}


def test_a_flood_of_unknown_keys_gets_a_short_answer() -> None:
    flood = answers_of("partner-half-idea") | {f"k{number:05}": 1 for number in range(20_000)}
    assert len(refusals(flood)) == validation.MAX_PROBLEMS


def test_problems_come_in_form_order_with_unknown_keys_last() -> None:
    body = {"zzz": 1, "aaa": 1} | without(answers_of("partner-half-idea"), "need", "contact_name")
    assert list(refusals(body)) == ["/contact_name", "/need", "/aaa", "/zzz"]


def test_one_page_is_judged_in_the_light_of_the_others() -> None:
    body = {"proposer_kind": "partner", "demand_evidence": ["open_jobs"], "demand_notes": " Nine "}
    found = validation.load_some(EXAMPLE, body, ["demand_evidence", "demand_notes", "org_size"])
    assert found == {"demand_evidence": ["open_jobs"], "demand_notes": "Nine"}
    with pytest.raises(ValidationError) as refused:
        validation.load_some(EXAMPLE, body, ["demand_notes", "contact_name"])
    assert [said["pointer"] for said in validation.problems(refused.value)] == ["/contact_name"]


def test_an_error_says_what_to_do_and_offers_not_sure_where_it_is_offered() -> None:
    body = without(answers_of("partner-half-idea"), "skills", "summary")
    with pytest.raises(ValidationError) as refused:
        validation.load(EXAMPLE, body | {"contact_name": "x" * 121})
    messages = {
        problem["pointer"]: problem["message"] for problem in validation.problems(refused.value)
    }
    assert messages == {
        "/contact_name": "Shorten this to 120 characters. It has 121 now.",
        "/summary": "Describe it in two or three sentences.",
        "/skills": "Enter at least one skill, or choose “Not sure yet, help me.”",
    }


def test_the_agenda_is_what_was_not_sure() -> None:
    clean = validation.load(EXAMPLE, answers_of("partner-half-idea"))
    agenda = validation.not_sure(EXAMPLE, clean)
    assert agenda[:2] == ["skills", "audience_detail"] and len(agenda) == 6


def test_an_old_version_keeps_its_questions() -> None:
    """A changed profile is another version with another schema; the old one is judged as before."""
    questions = [
        spec | {"limits": {"max_chars": 5}} if spec["key"] == "contact_name" else spec
        for spec in EXAMPLE.questions
    ]
    newer = Profile.of(EXAMPLE.body | {"questions": questions})
    body = answers_of("partner-half-idea")
    assert newer != EXAMPLE and refusals(body, newer) == {"/contact_name": "too_long"}
    assert refusals(body) == {}
