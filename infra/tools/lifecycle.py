"""Writes docs/lifecycle.md from the table of actions: states, their labels, and who may do what."""

from collections.abc import Iterable

from services.review.lifecycle.actions import TRANSITIONS, CaseAction, Transition
from services.review.models.people import Role
from services.review.models.states import NOT_ERASED, CaseState
from shared.profile import Profile

HEAD = """\
# Lifecycle

Written by `make docs` from `lifecycle/actions` and `models/states` of review; do not edit.
What is not in the table of actions is refused, for everybody.
"""


def page(profile: Profile) -> str:
    """The page, with the words of this profile for states and public labels."""
    return "\n".join([HEAD, _picture(), _states(profile), _actions()])


def _picture() -> str:
    """The actions that change the state, as a Mermaid diagram, which GitHub draws."""
    arrows = [
        f"    {source.value} --> {row.target.value}: {action.slug}"
        for action, row in TRANSITIONS.items()
        if row.target
        for source in _in_order(row.sources)
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *arrows, "```", ""])


def _states(profile: Profile) -> str:
    rows = [
        f"| `{state.value}` | {profile.state_label(state)['label']} | {_public(profile, state)} |"
        f" {_targets(state)} |"
        for state in CaseState
    ]
    head = ["## States", "", "| state | the office reads | the proposer reads | leads to |"]
    return "\n".join([*head, "|---|---|---|---|", *rows, ""])


def _public(profile: Profile, state: CaseState) -> str:
    if state.public_label:
        return profile.public_label(state.public_label, profile.language)["label"]
    follows = state in (CaseState.WITHDRAWN, CaseState.SUSPECTED_SPAM, CaseState.ERASED)
    return "as intake says" if follows else "whether somebody has it"


def _targets(state: CaseState) -> str:
    targets = {row.target for row in TRANSITIONS.values() if row.target and state in row.sources}
    return ", ".join(f"`{target.value}`" for target in _in_order(targets)) or "—"


def _actions() -> str:
    head = ["## Actions", "", "| action | route | from | to | who | activity |"]
    rows = [_action(action, row) for action, row in TRANSITIONS.items()]
    return "\n".join([*head, "|---|---|---|---|---|---|", *rows, ""])


def _action(action: CaseAction, row: Transition) -> str:
    sources = ", ".join(state.value for state in _in_order(row.sources))
    if set(row.sources) == set(NOT_ERASED):
        sources = "any but erased"
    target = row.target.value if row.target else "as it was"
    who = ", ".join(role.value for role in Role if role in row.roles) or "the calendar"
    guard = f" {row.guard.__doc__}" if row.guard else ""
    told = [f"`{action.value}`", action.slug, sources, target, f"{who}.{guard}", row.activity]
    return f"| {' | '.join(told)} |"


def _in_order(states: Iterable[CaseState]) -> list[CaseState]:
    return [state for state in CaseState if state in states]
