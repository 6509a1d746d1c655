"""The states of intake are those that its events may hold."""

from enum import StrEnum
from typing import Any

import pytest

from services.intake.models.states import (
    MailState,
    MeetingState,
    MembershipState,
    ProposalRole,
    ProposalState,
    PublicLabel,
    RouteStepState,
)
from shared import events
from shared.events import PostSide
from shared.profile.schema.texts import PUBLIC_LABELS

ONLY_HERE = {ProposalState.ERASED, MailState.KEPT_BACK}


def choices(schema: type[Any], field: str) -> set[str]:
    return set(schema().fields[field].validate.choices)


@pytest.mark.parametrize(
    ("states", "schema", "field"),
    [
        (ProposalState, events.ProposalChanged, "state"),
        (ProposalRole, events.PersonOnProposal, "role"),
        (MembershipState, events.PersonOnProposal, "state"),
        (MeetingState, events.Meeting, "state"),
        (RouteStepState, events.RouteStep, "state"),
        (PostSide, events.PostAdded, "side"),
        (MailState, events.MailChanged, "state"),
    ],
)
def test_the_members_are_the_values_of_the_event(
    states: type[StrEnum], schema: type[Any], field: str
):
    assert set(states) - ONLY_HERE == choices(schema, field)


def test_each_public_label_is_a_member_and_has_a_tone():
    assert tuple(PublicLabel) == PUBLIC_LABELS
    assert {label.tone for label in PublicLabel} == {"new", "ask", "ok", "no"}
