"""The clock tells the office of a promise that is nearly due, and of one that has passed: once."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event, text

from services.review import timers
from services.review.models import Case
from services.review.notifications import deadline_reminders
from shared import calendar, db, references
from shared.tables import now
from tests.apps import on_sqlite
from tests.factories import an_event, rows
from tests.fakes import take
from tests.review.mails import recipients, requested_mails
from tests.review.office import (
    CHANGED,
    PROFILE,
    case_of,
    change_staff,
    do,
    hire,
    received,
    signed_in,
)

OFFICE = "elearning@lakeside.example"
# The example was sent on Tuesday, September 1. It promises a first reply by Friday, September 4, a
# conversation by Wednesday, September 16 and a decision by Wednesday, October 14.
REPLY_DUE, REPLY_PASSED = date(2026, 9, 4), date(2026, 9, 8)  # between them a weekend and Labor Day
TALK_NEAR, TALK_PASSED = date(2026, 9, 14), date(2026, 9, 17)
DECISION_NEAR, DECISION_PASSED = date(2026, 10, 6), date(2026, 10, 15)


def passes(app: Flask, day: date, *, hour: int = 14) -> int:
    """What the loop does at this hour (UTC) of a day."""
    with app.app_context(), db.begin() as session:
        at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        return deadline_reminders.send_due(session, profile=PROFILE, at=at)


def mails_of_kind(app: Flask, kind: str) -> list[tuple[str, str]]:
    """Of each mail of this kind to whom it goes and the day that it names, in order."""
    return [(mail["to_address"], mail["variables"]["due"]) for mail in requested_mails(app, kind)]


def test_a_missed_deadline_is_mailed_to_the_office_and_then_to_a_lead(
    apps: dict[str, Flask],
):
    review = apps["review"]
    (case,) = received(review)
    lead = hire(review, "lead", office=case_of(review, case).office)
    hire(review, "lead", name="Elsewhere Person", office="regional")
    hire(review, "director")
    assert passes(review, date(2026, 9, 3)) == 0
    assert passes(review, REPLY_DUE) == 1
    assert mails_of_kind(review, "promise_near") == [(OFFICE, "Friday, September 4")]
    assert requested_mails(review, "promise_near")[0]["variables"]["promise"] == (
        PROFILE.promise("first_reply", "en")
    )
    assert passes(review, date(2026, 9, 7)) == 0
    assert passes(review, REPLY_PASSED) == 1
    assert recipients(review, "promise_passed") == sorted([OFFICE, lead])
    assert passes(review, REPLY_PASSED) == passes(review, date(2026, 9, 9)) == 0


def test_the_owner_is_reminded_when_four_fifths_of_the_time_are_used(
    apps: dict[str, Flask],
):
    review = apps["review"]
    (case,) = received(review)
    do(signed_in(review, "triage", name="Tara Lindqvist"), case, "take")
    assert passes(review, REPLY_PASSED) == 0  # she has replied by taking it
    assert passes(review, TALK_NEAR) == 1
    tara = "tara.lindqvist@office.example"
    assert mails_of_kind(review, "promise_near") == [(tara, "Wednesday, September 16")]
    assert requested_mails(review, "promise_near")[0]["variables"]["owner"] == "Tara Lindqvist"
    assert passes(review, TALK_PASSED) == 1
    assert recipients(review, "promise_passed") == [tara]
    assert (passes(review, DECISION_NEAR), passes(review, DECISION_PASSED)) == (1, 1)
    assert mails_of_kind(review, "promise_passed")[-1] == (tara, "Wednesday, October 14")
    assert passes(review, date(2026, 12, 1)) == 0


def test_after_downtime_only_the_passed_deadline_is_mailed(apps: dict[str, Flask]):
    review = apps["review"]
    received(review)
    assert passes(review, date(2026, 9, 10)) == 1
    assert mails_of_kind(review, "promise_near") == []
    assert mails_of_kind(review, "promise_passed") == [(OFFICE, "Friday, September 4")]


def test_a_deadline_that_passed_long_ago_sends_no_mail(apps: dict[str, Flask]):
    review = apps["review"]
    received(review)
    assert passes(review, date(2027, 3, 1)) == 1
    assert mails_of_kind(review, "promise_near") == mails_of_kind(review, "promise_passed") == []
    assert passes(review, date(2027, 3, 2)) == 0


@pytest.mark.parametrize("state", ["withdrawn", "quarantined"])
def test_a_closed_case_sends_no_reminders(apps: dict[str, Flask], state: str):
    review = apps["review"]
    (case,) = received(review)
    case_row = case_of(review, case)
    take(review, an_event(CHANGED, proposal_id=case_row.proposal_id, reference=case_row.reference,
                          version=9, state=state))  # fmt: skip
    assert passes(review, DECISION_PASSED) == 0
    assert mails_of_kind(review, "promise_passed") == []


def test_a_decided_case_is_left_alone_and_one_that_is_opened_again_has_new_promises(
    apps: dict[str, Flask],
):
    review = apps["review"]
    (case,) = received(review)
    director = signed_in(review, "director")
    until = (now().date() + timedelta(days=400)).isoformat()
    do(director, case, "decision", kind="defer", reason="capacity_this_term", until=until)
    do(director, case, "letter/release")
    assert passes(review, DECISION_PASSED) == 0
    do(director, case, "reopen", reason="Earlier than we thought.")
    new = case_of(review, case)
    near = calendar.subtract_working_days(PROFILE, new.meeting_by, 2)
    assert new.warn_on == near
    passes(review, near)
    assert len(mails_of_kind(review, "promise_near")) == 1


def test_a_deactivated_owner_gets_no_reminder(apps: dict[str, Flask]):
    review = apps["review"]
    (case,) = received(review)
    do(signed_in(review, "triage"), case, "take")
    change_staff(review, hire(review, "triage"), active=False)
    passes(review, TALK_NEAR)
    assert recipients(review, "promise_near") == [OFFICE]


def test_two_workers_at_once_send_each_reminder_once(apps: dict[str, Flask]):
    review = apps["review"]
    number = 70  # more than one turn takes
    cases = received(review, number)

    def work() -> None:
        while passes(review, REPLY_DUE):
            pass

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    keys = [mail["dedupe_key"] for mail in requested_mails(review, "promise_near")]
    assert len(keys) == len(set(keys)) == len(cases)


@on_sqlite
def test_the_loop_sends_nothing_at_night_or_on_a_closed_day(apps: dict[str, Flask]):
    review = apps["review"]
    received(review)
    looked = []
    for moment in (
        datetime(2026, 9, 5, 15, tzinfo=UTC),  # a Saturday
        datetime(2026, 9, 7, 15, tzinfo=UTC),  # Labor Day
        datetime(2026, 9, 8, 11, 59, tzinfo=UTC),  # one minute to eight in New York
        datetime(2026, 9, 8, 22, tzinfo=UTC),  # six in the evening
        datetime(2026, 9, 8, 12, tzinfo=UTC),
    ):
        with review.app_context():
            looked.append(timers.deadline_turn(moment))
    assert looked == [0, 0, 0, 0, 1]


def test_what_is_due_is_found_by_its_index(apps: dict[str, Flask]):
    review, plans = apps["review"], []

    def explain(link: Any, cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if statement.startswith("SELECT cases.") and "warn_on <=" in statement:
            how = "EXPLAIN QUERY PLAN" if db.embedded() else "EXPLAIN"
            plans.append(link.exec_driver_sql(f"{how} {statement}", given).all())

    with review.app_context():
        engine = db.database().engine
        event.listen(engine, "before_cursor_execute", explain)
        with db.begin() as session:
            if not db.embedded():
                session.execute(text("SET LOCAL enable_seqscan = off"))  # as where there are many
            deadline_reminders.send_due(
                session, profile=PROFILE, at=datetime(2026, 9, 4, 14, tzinfo=UTC)
            )
        event.remove(engine, "before_cursor_execute", explain)
    assert "ix_cases_warn_on" in str(plans)


def test_a_case_from_before_reminders_is_checked_after_the_upgrade(
    apps: dict[str, Flask],
):
    review = apps["review"]
    reference = references.new()
    take(review, an_event(CHANGED, proposal_id=uuid4(), reference=reference))
    with review.app_context(), db.begin() as session:
        session.query(Case).update({"warn_on": date(2026, 9, 10), "warned": []})  # as it leaves it
    passes(review, date(2026, 9, 10))
    (case,) = rows(review, Case)
    assert case.warn_on == TALK_NEAR
