"""The position in a form: current step, number of steps, next step."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from shared.web.ui.labels import say, say_many


class StepState(StrEnum):
    """How a list of steps or a timeline shows an entry; one ahead has no class."""

    DONE = "done"
    NOW = "now"
    AHEAD = ""


class Position(NamedTuple):
    """The line above the heading of a step."""

    number: int  # from 1; 0 where no step is the current one
    line: str  # like "Step 2 of 6, about 5 minutes left"
    next: str  # title of the step that follows; "" after the last


def position(steps: Sequence[Mapping[str, Any]], minutes: int = 0) -> Position:
    """The position in these steps, of which one has the state "now"; 0 minutes shows no time."""
    states = [step.get("state") for step in steps]
    number = states.index(StepState.NOW) + 1 if StepState.NOW in states else 0
    line = say("step", step=number, steps=len(steps))
    if minutes:
        line += ", " + say_many("left", minutes, minutes=minutes)
    following = steps[number]["title"] if 0 < number < len(steps) else ""
    return Position(number, line, following)
