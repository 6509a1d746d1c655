"""Folders, packages, class names and the table of transitions keep to the layout of docs/map.md."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from services.review import case_page, labels
from services.review.lifecycle import transitions
from services.review.lifecycle.transitions import TRANSITIONS, CaseAction
from services.review.models.people import LEADS, WORKERS
from services.review.models.states import NOT_ERASED, CaseEvent, CaseState
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


def test_the_docstring_of_transitions_is_the_table_in_code():
    rows = re.findall(r"^    (\w+) +(.+?)  +(.+?)  +(.+)$", transitions.__doc__ or "", re.MULTILINE)
    written = {row[0]: row[1:] for row in rows if row[0] != "act"}
    assert set(written) == {action.value for action in TRANSITIONS}
    for action, transition in TRANSITIONS.items():
        sources, target, roles = written[action.value]
        if set(transition.sources) == set(NOT_ERASED):
            assert sources == "any but erased", action
        else:
            assert set(sources.split(", ")) == {state.value for state in transition.sources}, action
        assert target == (transition.target.value if transition.target else "as it was"), action
        assert _roles(roles) == transition.roles, action


def _roles(words: str) -> frozenset[str]:
    """The roles that the words of the table name; an owner has one of the roles that work."""
    if words == "the calendar":
        return frozenset()
    if words.startswith("its owner"):
        return frozenset(WORKERS)
    return frozenset(words.split(", "))


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
