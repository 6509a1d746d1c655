"""What rules raise from the answers: pure, the worst first."""

from typing import Any

import pytest

from services.review.cases.flags import RULES, URGENT, raised_by
from shared.profile import Profile
from shared.profile.answers.validation import load
from shared.profile.schema.texts import FLAGS
from tests.apps import EXAMPLE
from tests.factories import sample

PROFILE = Profile.of(EXAMPLE)
FACULTY: dict[str, Any] = {
    "proposer_kind": "faculty",
    "unit_id": "business",
    "working_title": "Short",
    "learners_have_campus_id": "yes",
    "partner_status": "none",
}


@pytest.mark.parametrize(
    ("answers", "flag"),
    [
        ({"unit_id": "not_listed"}, "no_sponsor"),
        ({"unit_id": "library", "credit_intent": "credit"}, "route_conflict"),
        ({"unit_id": "library", "credit_intent": "both"}, "route_conflict"),
        ({"unit_id": "library"}, "own_learner_form"),
        ({"learners_have_campus_id": "no"}, "no_campus_account"),
        ({"learners_have_campus_id": "some"}, "no_campus_account"),
        ({"partner_status": "committed"}, "agreement_needed"),
        (
            {"partner_status": "committed", "existing_contact": {"agreement": "no"}},
            "agreement_needed",
        ),
        (
            {"partner_status": "we_are_partner", "existing_contact": {"agreement": "no"}},
            "agreement_needed",
        ),
        ({"assessment_idea": {"kinds": ["attendance"]}}, "recognition_badge"),
        ({"expires": {"kind": "time_limited"}}, "renewal_missing"),
        ({"demand_evidence": ["none_yet"]}, "no_evidence"),
        ({"working_title": "x" * 41}, "title_long"),
    ],
)
def test_an_answer_raises_its_flag(answers: dict[str, Any], flag: str):
    assert raised_by(PROFILE, FACULTY) == []
    assert flag in raised_by(PROFILE, FACULTY | answers)


@pytest.mark.parametrize(
    "answers",
    [
        {"unit_id": "library", "credit_intent": "noncredit"},
        {"unit_id": "business", "credit_intent": "credit"},
        {"partner_status": "committed", "existing_contact": {"agreement": "yes"}},
        {"partner_status": "in_conversation"},
        {"partner_status": "in_conversation", "existing_contact": {"agreement": "no"}},
        {"partner_status": "we_are_partner"},
        {"assessment_idea": {"kinds": ["attendance", "exam"]}},
        {"assessment_idea": {"not_sure": True}},
        {"expires": {"kind": "time_limited"}, "renewal": "Every two years"},
        {"expires": {"kind": "permanent"}},
        {"demand_evidence": ["waiting_list"]},
        {"working_title": "x" * 40},
        {"learners_have_campus_id": {"not_sure": True}},
    ],
)
def test_an_answer_that_is_well_raises_nothing_of_the_kind(answers: dict[str, Any]):
    assert set(raised_by(PROFILE, FACULTY | answers)) <= {"own_learner_form"}


def test_the_worst_comes_first_and_each_has_a_word_of_the_office():
    answers = load(PROFILE, sample("partner-full-charging-stations")["answers"])
    flags_raised = raised_by(PROFILE, answers)
    assert flags_raised == ["no_sponsor", "no_campus_account", "agreement_needed", "confidential"]
    assert set(RULES) | URGENT <= set(FLAGS)
    assert all(PROFILE.flag_label(flag)["hint"] for flag in RULES)


def test_nothing_answered_raises_nothing_but_the_missing_sponsor():
    assert raised_by(PROFILE, {}) == ["no_sponsor"]
