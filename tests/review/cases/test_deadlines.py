"""When our next step is due, and how near that is."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.review.cases import deadlines
from services.review.models import Case
from services.review.models.cases import NOT_DUE
from shared.profile import Profile
from tests.apps import EXAMPLE

PROFILE = Profile.of(EXAMPLE)
SENT = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)  # a Monday


def a_case(**columns: Any) -> Case:
    promised = {
        "first_reply_by": date(2026, 11, 19),
        "meeting_by": date(2026, 12, 2),
        "decision_by": date(2027, 1, 11),
    }
    case = Case(**{"state": "triage", "submitted_at": SENT, **promised, **columns})
    case.due_on = deadlines.next_due_on(case)
    return case


@pytest.mark.parametrize(
    ("columns", "step"),
    [
        ({}, "Assign an owner"),
        ({"first_reply_at": SENT}, "Assign an owner and talk"),  # a colleague wrote without one
        ({"first_reply_at": SENT, "owner_id": uuid4()}, "Talk with the proposer"),
        ({"state": "accepted"}, "Call or email the proposer to plan"),
        ({"state": "declined"}, ""),
    ],
)
def test_the_next_step_is_what_is_due_and_can_be_done(columns: dict[str, Any], step: str):
    assert deadlines.next_step(a_case(**columns)) == step


@pytest.mark.parametrize(
    ("columns", "due"),
    [
        ({}, date(2026, 11, 19)),
        ({"first_reply_at": SENT}, date(2026, 12, 2)),
        ({"state": "decision_draft"}, date(2027, 1, 11)),
        ({"state": "deferred", "deferred_until": date(2027, 5, 3)}, date(2027, 5, 3)),
        ({"state": "accepted"}, NOT_DUE),
        ({"state": "declined"}, NOT_DUE),
        ({"state": "withdrawn"}, NOT_DUE),
    ],
)
def test_the_promise_that_is_next_is_the_one_that_is_due(columns: dict[str, Any], due: date):
    assert a_case(**columns).due_on == due


@pytest.mark.parametrize(
    ("today", "text", "tone"),
    [
        (date(2026, 11, 16), "Thu, Nov 19", ""),
        (date(2026, 11, 18), "tomorrow", "soon"),
        (date(2026, 11, 19), "today", "soon"),
        (date(2026, 11, 20), "1 day late", "late"),
        (date(2026, 11, 21), "1 day late", "late"),
        (date(2026, 11, 24), "3 days late", "late"),
    ],
)
def test_a_due_day_is_said_in_working_days(today: date, text: str, tone: str):
    due = deadlines.due_status(a_case(), profile=PROFILE, today=today)
    assert (due.text, due.tone) == (text, tone)


def test_the_day_after_a_weekend_is_soon_and_named():
    case = a_case(first_reply_by=date(2026, 11, 23))
    due = deadlines.due_status(case, profile=PROFILE, today=date(2026, 11, 20))
    assert (due.text, due.tone) == ("Mon, Nov 23", "soon")


def test_the_ring_is_the_share_of_working_days_used():
    case = a_case(first_reply_at=SENT)  # ten working days, Thanksgiving and its Friday apart
    shares = [
        deadlines.due_status(case, profile=PROFILE, today=day).share
        for day in (date(2026, 11, 16), date(2026, 11, 23), date(2026, 12, 2), date(2027, 2, 1))
    ]
    assert shares == [0, 0.5, 1, 1]


def test_the_ring_of_a_case_that_was_opened_again_begins_anew():
    again = a_case(first_reply_at=SENT, meeting_by=date(2027, 3, 15))  # ten days after March 1
    shares = [
        deadlines.due_status(again, profile=PROFILE, today=day).share
        for day in (date(2027, 2, 22), date(2027, 3, 1), date(2027, 3, 8), date(2027, 3, 16))
    ]
    assert shares == [0, 0, 0.5, 1]


def test_what_is_on_hold_is_held_and_what_is_closed_has_no_clock():
    held = a_case(state="deferred", deferred_until=date(2027, 5, 3))
    assert deadlines.due_status(held, profile=PROFILE, today=date(2026, 12, 1)) == (
        "on hold until Mon, May 3, 2027",
        0,
        "held",
        "Reopens automatically",
    )
    closed = a_case(state="declined")
    assert deadlines.due_status(closed, profile=PROFILE, today=date(2026, 12, 1)) == ("", 0, "", "")
