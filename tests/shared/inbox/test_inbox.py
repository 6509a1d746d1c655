"""An event takes effect exactly once, however often, late or out of order it is delivered."""

import hashlib
import itertools
import json
import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.intake.models import CaseView, Post, Proposal
from services.review.models import Case, MailStatus
from shared import db, outbox, strict_json
from shared.broker.consumer import Verdict
from shared.tables import DeferredEvent, InboxRow, OutboxRow, Tombstone
from tests.apps import on_postgresql
from tests.factories import a_post, an_event, count, id_of, rows, send
from tests.fakes import retry, take

POST = "post.added.v1"


def test_the_effect_the_key_and_what_follows_are_committed_together(apps: dict[str, Flask]):
    review, event = apps["review"], an_event("proposal.changed.v1")
    assert take(review, event) is Verdict.ACK
    assert count(review, Case) == 1
    assert sorted(row.event_type for row in rows(review, OutboxRow)) == [
        "case.changed.v1",
        "mail.requested.v1",
    ]
    (key,) = rows(review, InboxRow)
    assert (key.event_id, key.sha256) == (id_of(event), hashlib.sha256(event).digest())


def test_a_second_delivery_of_the_same_event_changes_nothing(apps: dict[str, Flask]):
    review, event = apps["review"], an_event("proposal.changed.v1")
    for _ in range(3):
        assert take(review, event) is Verdict.ACK
    assert count(review, Case) == count(review, InboxRow) == 1
    assert count(review, OutboxRow) == 2
    assert count(review, DeferredEvent) == 0


def test_a_handler_that_fails_leaves_neither_effect_nor_key(apps: dict[str, Flask]):
    review, event = apps["review"], an_event(POST)

    def fails(session: Session, data: dict[str, Any]) -> None:
        session.add(Tombstone(subject_id=uuid4()))
        outbox.add(session, POST, a_post())
        session.flush()
        raise RuntimeError("a fault of ours")

    assert take(review, event, handlers={POST: fails}) is Verdict.ACK
    assert count(review, Tombstone) == count(review, InboxRow) == count(review, OutboxRow) == 0
    (row,) = rows(review, DeferredEvent)
    assert (row.state, row.reason, row.envelope) == (
        "deferred",
        "handler_error: RuntimeError",
        event,
    )


@pytest.mark.parametrize("order", [(1, 3, 2, 2, 5), (5, 4, 3, 2, 1), (1, 2, 3, 4, 5)])
def test_whatever_the_order_only_the_newest_state_is_left(
    apps: dict[str, Flask], order: tuple[int, ...]
):
    intake = apps["intake"]
    for version in order:
        event = an_event(
            "case.changed.v1", version=version, office=f"office {version}", letter=None
        )
        assert take(intake, event) is Verdict.ACK
    (view,) = rows(intake, CaseView)
    assert (view.version, view.state["office"]) == (5, "office 5")
    assert count(intake, InboxRow) == len(order)


def test_review_takes_over_only_a_newer_proposal(apps: dict[str, Flask]):
    review, titles = apps["review"], {1: "one", 2: "two", 3: "three", 5: "five"}
    for version in (1, 3, 2, 2, 5):
        answers = strict_json.loads(an_event("proposal.changed.v1"))["data"]["answers"]
        answers["working_title"] = titles[version]
        state = "submitted" if version == 1 else "amended"
        take(
            review,
            an_event("proposal.changed.v1", version=version, answers=answers, state=state),
        )
    (case,) = rows(review, Case)
    assert (case.title, case.proposal_version, case.version) == ("five", 5, 3)
    entries = [row for row in rows(review, OutboxRow) if row.event_type == "mail.requested.v1"]
    assert len(entries) == 1


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 3]))[1:4])
def test_the_newest_state_of_a_mail_wins(apps: dict[str, Flask], order: tuple[int, ...]):
    states = {1: "queued", 2: "deferred", 3: "sent"}
    for version in order:
        take(apps["review"], an_event("mail.changed.v1", version=version, state=states[version]))
    assert [mail.state for mail in rows(apps["review"], MailStatus)] == ["sent"]


def test_a_second_event_with_the_same_id_and_other_bytes_is_logged_and_ignored(
    apps: dict[str, Flask], capsys: pytest.CaptureFixture[str]
):
    review = apps["review"]
    first = an_event("mail.changed.v1", version=1, state="queued")
    second = an_event(
        "mail.changed.v1", version=2, state="sent", envelope={"id": str(id_of(first))}
    )
    take(review, first)
    take(review, second)
    assert [mail.state for mail in rows(review, MailStatus)] == ["queued"]
    lines = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert len([event for event in lines if event.startswith("id_conflict")]) == 1


@on_postgresql
def test_the_same_event_at_the_same_moment_has_one_effect(apps: dict[str, Flask]):
    review = apps["review"]
    both_read = threading.Barrier(2)

    def deliver(event: bytes) -> None:
        both_read.wait(10)
        assert take(review, event) is Verdict.ACK

    for turn in range(10):
        event = an_event("proposal.changed.v1", proposal_id=uuid4(), reference=f"HK4TW7{turn + 22}")
        threads = [threading.Thread(target=deliver, args=(event,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert count(review, Case) == count(review, InboxRow) == 10
    assert count(review, OutboxRow) == 20
    assert count(review, DeferredEvent) == 0


def test_what_a_proposal_needs_may_come_later(apps: dict[str, Flask]):
    review, unknown = apps["review"], "f" * 64
    early = an_event("proposal.changed.v1")
    early = strict_json.dumps(
        (said := strict_json.loads(early)) | {"data": said["data"] | {"profile_version": unknown}}
    )
    assert take(review, early) is Verdict.ACK
    (row,) = rows(review, DeferredEvent)
    assert (row.state, row.reason) == ("deferred", f"not yet: profile {unknown[:12]}")
    assert count(review, Case) == count(review, InboxRow) == 0


def test_a_post_before_its_case_waits_for_it_and_is_then_read(apps: dict[str, Flask]):
    intake, review = apps["intake"], apps["review"]
    assert send(intake.test_client()).status_code == 201
    (proposal,) = rows(intake, Proposal)
    with intake.app_context(), db.begin() as session:
        said = a_post(proposal_id=proposal.id, text="Earlier than my case.")
        outbox.add(session, POST, said)
    said_first = {row.event_type: row.envelope for row in rows(intake, OutboxRow)}

    assert take(review, said_first[POST]) is Verdict.ACK
    assert [row.reason for row in rows(review, DeferredEvent)] == [
        f"not yet: case of proposal {proposal.id}"
    ]
    assert take(review, said_first["proposal.changed.v1"]) is Verdict.ACK
    assert retry(review) == 1
    assert count(review, DeferredEvent) == 0
    with review.app_context(), db.read() as session:
        assert session.scalars(text("SELECT text FROM posts")).all() == ["Earlier than my case."]


def test_an_event_that_waits_is_not_lost_when_it_is_delivered_again(apps: dict[str, Flask]):
    intake, event = apps["intake"], an_event(POST)
    for _ in range(3):
        take(intake, event)
    (row,) = rows(intake, DeferredEvent)
    assert (row.state, row.event_id) == ("deferred", id_of(event))
    assert count(intake, Post) == 0


def test_an_event_about_an_erased_person_has_no_effect_and_is_not_retried(
    apps: dict[str, Flask],
):
    review = apps["review"]
    person = UUID(strict_json.loads(an_event("person.erased.v1"))["data"]["person_id"])
    with review.app_context(), db.begin() as session:
        session.add(Tombstone(subject_id=person))
    assert take(review, an_event("proposal.changed.v1")) is Verdict.ACK
    assert count(review, Case) == count(review, OutboxRow) == count(review, DeferredEvent) == 0
    assert count(review, InboxRow) == 1


def test_while_the_database_is_away_a_delivery_is_kept_by_the_broker(apps: dict[str, Flask]):
    review, event = apps["review"], an_event("mail.changed.v1")
    lost = {"mail.changed.v1": lambda session, data: _lose(session)}
    assert take(review, event, handlers=lost) is Verdict.PAUSE
    assert count(review, InboxRow) == count(review, DeferredEvent) == 0
    assert take(review, event) is Verdict.ACK
    assert count(review, MailStatus) == 1


def _lose(session: Session) -> None:
    """Go on with a connection that has ended, as after a restart of the server."""
    session.execute(text("SELECT 1"))
    driver: Any = session.connection().connection.driver_connection
    driver.close()
    session.execute(text("SELECT 1"))


@on_postgresql
def test_a_statement_that_runs_too_long_defers_its_event_and_does_not_stop_the_others(
    apps: dict[str, Flask],
):
    def sleeps(session: Session, data: dict[str, Any]) -> None:
        session.execute(text("SET LOCAL statement_timeout = 50"))
        session.execute(text("SELECT pg_sleep(5)"))

    review = apps["review"]
    slow, quick = an_event("mail.changed.v1"), an_event("mail.changed.v1", mail_id=uuid4())
    assert take(review, slow, handlers={"mail.changed.v1": sleeps}) is Verdict.ACK
    assert take(review, quick) is Verdict.ACK
    assert [(row.state, row.reason) for row in rows(review, DeferredEvent)] == [
        ("deferred", "handler_error: OperationalError")
    ]
    assert count(review, MailStatus) == 1


@on_postgresql
def test_a_deadlock_is_tried_again_at_once(apps: dict[str, Flask]):
    tries = []

    def unlucky(session: Session, data: dict[str, Any]) -> None:
        tries.append(data["mail_id"])
        if len(tries) < 3:
            session.execute(
                text("DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$")
            )

    review, event = apps["review"], an_event("mail.changed.v1")
    assert take(review, event, handlers={"mail.changed.v1": unlucky}) is Verdict.ACK
    assert len(tries) == 3
    assert count(review, DeferredEvent) == 0
    assert count(review, InboxRow) == 1
