"""Folders, packages, class names and the table of transitions keep to the layout of docs/map.md."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from services.review import case_page, labels
from services.review.lifecycle.actions import TRANSITIONS, CaseAction
from services.review.models.people import LEADS
from services.review.models.states import CaseEvent, CaseState
from services.review.permissions import CASE_ACTS, RULES
from shared.events import SERVICES
from tests.alike.sources import ROOT, modules, tree

MOST_MODULES = 12
FACES = {"labels", "models", "routes", "sending", "smtp", "migrations"}  # these hand names on


def folders(service: str) -> list[Path]:
    return sorted({file.parent for file in modules(f"services/{service}")})


@pytest.mark.parametrize("service", SERVICES)
def test_no_folder_of_a_service_has_more_than_twelve_modules(service: str):
    for folder in folders(service):
        names = [file.name for file in folder.glob("*.py") if file.name != "__init__.py"]
        assert len(names) <= MOST_MODULES, f"{folder.name}: {names}"


@pytest.mark.parametrize("service", SERVICES)
def test_the_init_of_an_area_is_one_docstring(service: str):
    root = ROOT / "services" / service
    areas = [folder for folder in folders(service) if folder != root and folder.name not in FACES]
    assert areas
    for area in areas:
        body = tree(area / "__init__.py").body
        assert len(body) == 1 and ast.get_docstring(tree(area / "__init__.py")), area.name


@pytest.mark.parametrize("part", [*(f"services/{service}" for service in SERVICES)])
def test_class_names_are_unique_within_a_service(part: str):
    names = Counter(
        node.name
        for file in modules(part)
        for node in tree(file).body
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_the_permissions_of_case_acts_are_those_of_the_transitions():
    for endpoint, action in CASE_ACTS.items():
        assert RULES[endpoint] == TRANSITIONS[action].roles, endpoint
    released = [TRANSITIONS[action].roles for action in TRANSITIONS if action.value in DECISIONS]
    assert released == [LEADS] * 3


DECISIONS = ("accept", "defer", "decline")


def test_every_fragment_of_an_act_has_the_name_of_an_action():
    folder = ROOT / "services" / "review" / "templates" / "review" / "case" / "acts"
    fragments = {file.stem for file in folder.iterdir()}
    assert fragments
    assert fragments <= {action.slug for action in TRANSITIONS}


def test_the_activity_has_words_for_every_action_and_every_other_event():
    assert all(transition.activity for transition in TRANSITIONS.values())
    assert set(labels.CASE_EVENTS) == set(CaseEvent)
    assert set(case_page.ACTIVITY) == {*CaseAction, *CaseEvent}


def test_every_state_of_a_case_has_a_tone_and_every_decision_a_public_label():
    assert {state.tone for state in CaseState} <= {"", "ask", "ok", "no"}
    decided = {CaseState.ACCEPTED, CaseState.DEFERRED, CaseState.DECLINED}
    assert {state for state in CaseState if state.public_label} == decided
