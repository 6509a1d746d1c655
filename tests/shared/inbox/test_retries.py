"""Deferred and parked events: nothing is retried for ever, and nothing is dropped silently."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.review.models import MailStatus
from shared import db, events, inbox
from shared.broker.consumer import Verdict
from shared.events import NotYet
from shared.inbox import Handler, retries
from shared.tables import DeferredEvent, InboxRow, now
from tests.factories import an_event, count, id_of, rows
from tests.fakes import retry, take

MAIL = "mail.changed.v1"


class Killed(BaseException):
    """The process ends in the middle, as after a segmentation fault."""


def raising(error: BaseException) -> dict[str, Handler]:
    def handler(session: Session, data: dict[str, Any]) -> None:
        raise error

    return {MAIL: handler}


def test_a_failing_event_walks_the_schedule_and_is_then_parked(apps: dict[str, Flask]):
    review, event = apps["review"], an_event(MAIL)
    fails = raising(RuntimeError("again"))
    take(review, event, handlers=fails)
    for step, pause in enumerate(retries.DELAYS, start=1):
        (row,) = rows(review, DeferredEvent)
        assert (row.state, row.attempts) == ("deferred", step)
        wait = row.next_attempt_at - now()
        assert pause * 0.8 - timedelta(seconds=5) < wait <= pause * 1.2
        assert retry(review, handlers=fails) == 1
    (row,) = rows(review, DeferredEvent)
    assert (row.state, row.reason) == ("parked", "handler_error: RuntimeError")
    assert retry(review, handlers=fails) == 0
    assert count(review, InboxRow) == 0


def test_an_event_that_is_not_due_is_left_alone(apps: dict[str, Flask]):
    review = apps["review"]
    take(review, an_event(MAIL), handlers=raising(NotYet("this")))
    with review.app_context():
        assert inbox.retry(handlers=review.extensions["handlers"]) == 0
    assert count(review, DeferredEvent) == 1


def test_a_deferred_event_goes_away_with_its_effect(apps: dict[str, Flask]):
    review, event = apps["review"], an_event(MAIL)
    take(review, event, handlers=raising(NotYet("this")))
    assert retry(review) == 1
    assert count(review, DeferredEvent) == 0
    assert count(review, MailStatus) == count(review, InboxRow) == 1


@pytest.mark.parametrize(
    "error", [ValidationError({"kind": ["unknown"]}), PermissionError("not yours")]
)
def test_an_event_that_can_never_be_handled_is_parked_at_once(
    apps: dict[str, Flask], error: Exception
):
    review = apps["review"]
    assert take(review, an_event(MAIL), handlers=raising(error)) is Verdict.ACK
    (row,) = rows(review, DeferredEvent)
    assert row.state == "parked"
    assert row.reason.startswith("refused: ")


def test_an_event_that_ends_the_process_is_parked_after_three_starts_and_others_flow(
    apps: dict[str, Flask],
):
    review, deadly = apps["review"], an_event(MAIL)
    with pytest.raises(Killed):
        take(review, deadly, handlers=raising(Killed()))
    for start in (1, 2, 3):
        with pytest.raises(Killed):
            take(review, deadly, handlers=raising(Killed()), redelivered=True)
        (row,) = rows(review, DeferredEvent)
        assert (row.started, row.state) == (start, "deferred")

    assert take(review, deadly, handlers=raising(Killed()), redelivered=True) is Verdict.ACK
    (row,) = rows(review, DeferredEvent)
    assert (row.state, row.reason) == ("parked", "crash_loop")
    assert take(review, an_event(MAIL, mail_id=uuid4())) is Verdict.ACK
    assert count(review, MailStatus) == 1
    assert retry(review) == 0


def test_a_redelivered_event_that_succeeds_leaves_no_row(apps: dict[str, Flask]):
    review, event = apps["review"], an_event(MAIL)
    assert take(review, event, redelivered=True) is Verdict.ACK
    assert take(review, event, redelivered=True) is Verdict.ACK
    assert count(review, DeferredEvent) == 0
    assert count(review, MailStatus) == count(review, InboxRow) == 1


def test_a_failure_that_ends_in_order_does_not_count_as_a_crash(apps: dict[str, Flask]):
    review, event = apps["review"], an_event(MAIL)
    for _ in range(5):
        take(review, event, handlers=raising(NotYet("this")), redelivered=True)
    (row,) = rows(review, DeferredEvent)
    assert (row.state, row.started, row.attempts) == ("deferred", 0, 5)


def test_a_parked_event_is_not_run_by_another_delivery_of_it(apps: dict[str, Flask]):
    review, event = apps["review"], an_event(MAIL)
    take(review, event, handlers=raising(PermissionError("no")))
    take(review, event, redelivered=True)
    assert [row.state for row in rows(review, DeferredEvent)] == ["parked"]
    assert count(review, MailStatus) == 0


@pytest.mark.parametrize("name", ["mail.changed.v2", "mail.exploded.v1"])
def test_an_event_from_the_future_is_parked_and_taken_up_by_the_release_that_knows_it(
    apps: dict[str, Flask], name: str, monkeypatch: pytest.MonkeyPatch
):
    review = apps["review"]
    event = an_event(MAIL, envelope={"type": events.PREFIX + name})
    for _ in range(2):
        assert take(review, event) is Verdict.ACK
    (row,) = rows(review, DeferredEvent)
    assert (row.state, row.event_id, row.envelope) == ("parked", id_of(event), event)
    assert known_again(review) == 0

    monkeypatch.setitem(events.EVENTS, name, events.EVENTS[MAIL])  # the next release
    assert known_again(review) == 1
    later = {name: review.extensions["handlers"][MAIL]}
    assert retry(review, handlers=later) == 1
    assert count(review, DeferredEvent) == 0
    assert count(review, MailStatus) == 1


def known_again(app: Flask) -> int:
    with app.app_context(), db.begin() as session:
        return retries.retry_known(session)


def test_a_dead_letter_that_only_shared_a_crash_is_taken_back_and_handled(
    apps: dict[str, Flask],
):
    review, event = apps["review"], an_event(MAIL)
    headers = {"x-first-death-reason": "delivery_limit"}
    assert take(review, event, dead=True, headers=headers) is Verdict.ACK
    (row,) = rows(review, DeferredEvent)
    assert row.state == "deferred"
    assert row.next_attempt_at <= now()
    assert retry(review) == 1
    assert count(review, DeferredEvent) == 0
    assert count(review, MailStatus) == 1


@pytest.mark.parametrize("headers", [{}, {"x-first-death-reason": "rejected"}])
def test_another_dead_letter_waits_for_a_person(apps: dict[str, Flask], headers: dict[str, str]):
    review = apps["review"]
    take(review, an_event(MAIL), dead=True, headers=headers)
    assert [(row.state, row.reason) for row in rows(review, DeferredEvent)] == [
        ("parked", "dead_letter")
    ]


def ended_by(review: Flask, event: bytes, *, times: int) -> None:
    for _ in range(times):
        with pytest.raises(Killed):
            take(review, event, handlers=raising(Killed()), redelivered=True)


def test_a_dead_letter_of_the_event_that_ended_the_process_is_parked(apps: dict[str, Flask]):
    review, deadly = apps["review"], an_event(MAIL)
    ended_by(review, deadly, times=retries.MAX_STARTS)
    take(review, deadly, dead=True, headers={"x-first-death-reason": "delivery_limit"})
    assert [(row.state, row.reason) for row in rows(review, DeferredEvent)] == [
        ("parked", "dead_letter")
    ]


def test_a_dead_letter_that_was_at_work_in_a_few_crashes_of_many_is_taken_back(
    apps: dict[str, Flask],
):
    """Among twenty crashes of others it was the one at work twice: that is no proof against it."""
    review, event = apps["review"], an_event(MAIL)
    ended_by(review, event, times=retries.MAX_STARTS - 1)
    take(review, event, dead=True, headers={"x-first-death-reason": "delivery_limit"})
    assert retry(review) == 1
    assert count(review, DeferredEvent) == 0
    assert count(review, MailStatus) == 1


def test_a_dead_letter_of_what_was_handled_is_forgotten(apps: dict[str, Flask]):
    review, event = apps["review"], an_event(MAIL)
    take(review, event)
    take(review, event, dead=True)
    assert count(review, DeferredEvent) == 0
