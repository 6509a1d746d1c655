"""The sample cases of the demo: the form accepts each one, and its story can be performed."""

import pytest

from infra.tools import sample_cases
from infra.tools.sample_cases.story import ACTS
from services.review.cases import flags
from services.review.models.people import LEADS, ROLES, WORKERS
from shared import profile
from shared.commands import PROFILES
from shared.profile import Profile
from shared.profile.answers import validation

SHIPPED = ("example", "governance-first", "partner-first")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_case_is_what_its_form_accepts(name: str):
    form = Profile.of(profile.read(PROFILES / name))
    samples = sample_cases.read(name)

    assert len(samples) >= 12
    for sample in samples:
        assert validation.load(form, sample.body["answers"])
        assert sample.body["language"] in form.languages


@pytest.mark.parametrize("name", SHIPPED)
def test_the_cases_raise_every_flag_that_answers_of_this_form_can_raise(name: str):
    form = Profile.of(profile.read(PROFILES / name))
    raised = {
        flag
        for sample in sample_cases.read(name)
        for flag in flags.raised_by(form, validation.load(form, sample.body["answers"]))
    }

    asked = form.key_of("expiry", "faculty") is not None
    assert raised == set(flags.RULES) - (set() if asked else {"renewal_missing"})


@pytest.mark.parametrize("name", SHIPPED)
def test_the_office_has_somebody_of_each_role_at_the_institution(name: str):
    form = Profile.of(profile.read(PROFILES / name))
    people = sample_cases.people(name).values()

    assert {person["role"] for person in people} == set(ROLES)
    domains = {person["email"].partition("@")[2] for person in people}
    assert domains == {office["contact"]["email"].partition("@")[2] for office in form.offices}
    assert {person["office"] for person in people if "office" in person} <= {
        office["value"] for office in form.offices
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_every_action_of_a_story_is_permitted_to_its_person(name: str):
    people = sample_cases.people(name)
    for sample in sample_cases.read(name):
        for deed in sample.story:
            if deed["act"] == "reply":
                assert deed["text"]
                continue
            assert deed["act"] in ACTS
            allowed = LEADS if deed["act"] == "release" else WORKERS
            assert people[deed["by"]]["role"] in allowed, sample.name


@pytest.mark.parametrize("name", SHIPPED)
def test_no_password_is_kept_among_the_files(name: str):
    assert all(
        set(value) <= {"name", "email", "role", "office"}
        for value in sample_cases.people(name).values()
    )
