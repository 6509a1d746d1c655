"""No message can block its queue: even the row about it has only values that a database accepts.

A refused row would be retried forever, and every event behind it would wait.
"""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from services.review.models import MailStatus
from shared import strict_json
from shared.broker.consumer import Verdict
from shared.tables import DeferredEvent, InboxRow
from tests.factories import an_event, count, id_of, rows
from tests.fakes import take

MAIL = "mail.changed.v1"
FOREIGN = {
    "a zero byte": "text/\x00plain",
    "half a character": "text/\ud800plain",  # py-amqp lets it through
    "a line break and a color": "text/plain\r\n\x1b[31m",
    "a name of ten thousand characters": "x" * 10_000,
}


@pytest.mark.parametrize("kind", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("place", ["content_type", "content_encoding"])
def test_b76_a_name_that_no_database_takes_is_kept_readably(
    apps: dict[str, Flask], kind: str, place: str
):
    review, event = apps["review"], an_event(MAIL)
    for redelivered in (False, True, True):
        more: dict[str, Any] = {place: kind, "redelivered": redelivered}
        assert take(review, event, **more) is Verdict.ACK
    (row,) = rows(review, DeferredEvent)
    assert (row.state, row.envelope) == ("parked", event)
    assert row.reason.startswith("undecodable: ")
    assert count(review, InboxRow) == 0
    assert take(review, an_event(MAIL)) is Verdict.ACK
    assert count(review, MailStatus) == 1


@pytest.mark.parametrize("word", ["\x00", "\r\n", "\u202e", "é" * 40])
def test_b78_the_name_of_an_unknown_event_is_kept_readably(apps: dict[str, Flask], word: str):
    review = apps["review"]
    event = an_event(MAIL, envelope={"type": f"edu.overture.{word}"})
    for dead in (False, True):
        assert take(review, event, dead=dead) is Verdict.ACK
    (row,) = rows(review, DeferredEvent)
    assert (row.event_id, row.state) == (id_of(event), "parked")
    assert row.reason.startswith("unknown_type: edu.overture.")


STRANGE: dict[str, dict[str, Any]] = {
    "a zero byte": {"reason": "a\x00b"},
    "a version beyond every column": {"version": 10**14},
    "a time before time": {"changed_at": "0001-01-01T00:00:00+14:00"},
    "a time after time": {"changed_at": "9999-12-31T23:59:59-14:00"},
    "a kind of a hundred kilobytes": {"kind": "k" * 100_000},
}


@pytest.mark.parametrize("data", STRANGE.values(), ids=STRANGE)
def test_b80_data_that_a_database_may_refuse_is_handled_or_deferred_and_others_flow(
    apps: dict[str, Flask], data: dict[str, Any]
):
    review, event = apps["review"], an_event(MAIL, mail_id=uuid4(), **data)
    for _ in range(2):
        assert take(review, event) is Verdict.ACK
    assert (
        count(review, InboxRow) + count(review, DeferredEvent, DeferredEvent.state == "deferred")
        == 1
    )
    other = uuid4()
    assert take(review, an_event(MAIL, mail_id=other)) is Verdict.ACK
    assert count(review, MailStatus, MailStatus.mail_id == other) == 1


def test_b78_a_profile_whose_name_no_database_takes_is_deferred(apps: dict[str, Flask]):
    review, said = apps["review"], strict_json.loads(an_event("proposal.changed.v1"))
    said["data"]["profile_version"] = "\x00" * 64
    assert take(review, strict_json.dumps(said)) is Verdict.ACK
    assert [row.state for row in rows(review, DeferredEvent)] == ["deferred"]


def test_b76_a_megabyte_of_quotes_is_parked_like_anything_else(apps: dict[str, Flask]):
    body = b'{"id":"' + b'\\"' * 520_000
    assert take(apps["review"], body) is Verdict.ACK
    assert [row.reason for row in rows(apps["review"], DeferredEvent)] == ["undecodable: not_json"]


def test_b84_a_redelivery_of_the_unreadable_neither_counts_as_a_start_nor_as_a_second(
    apps: dict[str, Flask],
):
    review, body = apps["review"], b"no event"
    for number in range(5):
        headers = {"x-delivery-count": number, "x-death": [{"count": 10**9}]}
        assert take(review, body, redelivered=True, headers=headers) is Verdict.ACK
    (row,) = rows(review, DeferredEvent)
    assert (row.state, row.started, row.attempts) == ("parked", 0, 0)
