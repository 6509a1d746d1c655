"""Events are written with their change, published in order, and kept until confirmed."""

import threading
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from marshmallow import ValidationError
from sqlalchemy import update

from shared import db, outbox, strict_json
from shared.broker.publisher import Message
from shared.inbox import tombstones
from shared.tables import OutboxRow, now
from tests.apps import on_postgresql
from tests.factories import a_post, count, rows
from tests.fakes import FakeBroker, relay


def add(app: Flask, *things: UUID, **data: Any) -> None:
    """One event for each of these things, in one transaction."""
    with app.app_context(), db.begin() as session:
        for thing in things:
            outbox.add(session, "post.added.v1", a_post(post_id=thing, **data))


def add_versions(app: Flask, thing: UUID, *versions: int) -> None:
    for version in versions:
        add(app, thing, version=version)


def versions_of(messages: Any) -> list[tuple[str, int]]:
    states = [strict_json.loads(message.body)["data"] for message in messages]
    return [(data["post_id"], data["version"]) for data in states]


def waiting(app: Flask) -> int:
    return count(app, OutboxRow, OutboxRow.published_at.is_(None))


def make_due(app: Flask) -> None:
    with app.app_context(), db.begin() as session:
        session.execute(update(OutboxRow).values(next_attempt_at=now()))


def test_an_event_is_committed_with_the_change_that_it_tells_of(apps: dict[str, Flask]):
    add(apps["intake"], uuid4())
    (row,) = rows(apps["intake"], OutboxRow)
    assert row.published_at is None
    assert strict_json.loads(row.envelope)["id"] == str(row.event_id)
    assert strict_json.loads(row.envelope)["source"] == "/overture/intake"


def test_an_event_is_rolled_back_with_the_change_that_it_tells_of(apps: dict[str, Flask]):
    app = apps["intake"]
    with pytest.raises(ZeroDivisionError), app.app_context(), db.begin() as session:
        outbox.add(session, "post.added.v1", a_post())
        _ = 1 / 0  # something else goes wrong after it
    assert count(app, OutboxRow) == 0


def test_unsent_events_about_an_erased_person_are_deleted(apps: dict[str, Flask]):
    app, her, other = apps["intake"], uuid4(), uuid4()
    with app.app_context(), db.begin() as session:
        for proposal in (her, other):
            outbox.add(session, "post.added.v1", a_post(proposal_id=proposal))
        tombstones.set_tombstones(session, person_id=uuid4(), proposal_ids=[her])
    (left,) = rows(app, OutboxRow)
    assert str(other).encode() in left.envelope


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"text": "a" * 300_000}, outbox.TooLarge),
        ({"text": 5, "version": "one"}, (ValidationError, ValueError)),
        ({"side": "the wall"}, ValidationError),
        ({"version": 0}, ValidationError),
        ({"an_unknown_field": 1}, ValidationError),
    ],
    ids=["too large", "wrong type", "wrong choice", "wrong version", "unknown field"],
)
def test_an_event_that_is_not_in_order_is_refused_and_takes_its_change_back(
    apps: dict[str, Flask], wrong: dict[str, Any], error: Any
):
    app = apps["intake"]
    with pytest.raises(error), app.app_context(), db.begin() as session:
        outbox.add(session, "post.added.v1", a_post())
        outbox.add(session, "post.added.v1", a_post(**wrong))
    assert count(app, OutboxRow) == 0


def test_events_of_one_thing_leave_one_after_another_and_those_of_many_together(
    apps: dict[str, Flask],
):
    one, *others = [uuid4() for _ in range(5)]
    add_versions(apps["intake"], one, 1, 2, 3)
    add(apps["intake"], *others)
    broker = FakeBroker()

    assert relay(apps["intake"], broker) == 5
    assert [relay(apps["intake"], broker) for _ in range(3)] == [1, 1, 0]

    sent = versions_of(broker.taken)
    assert [version for thing, version in sent if thing == str(one)] == [1, 2, 3]
    assert len(sent) == 7
    assert waiting(apps["intake"]) == 0


def test_an_event_keeps_its_bytes_when_it_is_published_again(apps: dict[str, Flask]):
    app, broker = apps["intake"], FakeBroker(confirms=0)
    add(app, uuid4())
    with pytest.raises(outbox.Unconfirmed):
        relay(app, broker)
    with pytest.raises(outbox.Unconfirmed):
        relay(app, broker)
    first, second = broker.taken
    assert first.body == second.body
    assert first.event_id == second.event_id


def test_while_the_broker_is_down_events_stay_and_leave_in_order_when_it_is_back(
    apps: dict[str, Flask],
):
    app, broker, thing = apps["intake"], FakeBroker(down=True), uuid4()
    add_versions(app, thing, 1, 2)
    for _ in range(3):
        with pytest.raises(outbox.Unconfirmed):
            relay(app, broker)
    assert waiting(app) == 2
    assert [row.attempts for row in rows(app, OutboxRow)] == [0, 0]

    broker.down = False
    assert [relay(app, broker) for _ in range(3)] == [1, 1, 0]
    assert [version for _, version in versions_of(broker.taken)] == [1, 2]


def test_what_was_confirmed_before_a_doubt_is_not_published_again(apps: dict[str, Flask]):
    app, broker = apps["intake"], FakeBroker(confirms=2)
    things = [uuid4() for _ in range(5)]
    add(app, *things)
    with pytest.raises(outbox.Unconfirmed):
        relay(app, broker)
    assert waiting(app) == 3

    broker.confirms = None
    assert relay(app, broker) == 3
    times = Counter(thing for thing, _ in versions_of(broker.taken))
    assert [times[str(thing)] for thing in things] == [1, 1, 2, 2, 2]


@pytest.mark.parametrize(
    ("reason", "pauses"), [("nacked", [1, 2, 4]), ("unroutable", [30, 30, 30])]
)
def test_a_refused_event_waits_longer_each_time_and_the_next_of_its_thing_behind_it(
    apps: dict[str, Flask], reason: str, pauses: list[int]
):
    app, broker, thing = apps["intake"], FakeBroker(), uuid4()
    add_versions(app, thing, 1, 2)
    broker.refuses = lambda message: reason
    for pause in pauses:
        make_due(app)
        before = now()
        assert relay(app, broker) == 0
        first, second = sorted(rows(app, OutboxRow), key=lambda row: row.id)
        wait = first.next_attempt_at - before
        assert timedelta(seconds=pause) <= wait < timedelta(seconds=pause + 5)
        assert (first.last_error, second.attempts) == (reason, 0)
        assert relay(app, broker) == 0

    broker.refuses = lambda message: None
    make_due(app)
    assert [relay(app, broker) for _ in range(3)] == [1, 1, 0]
    assert [version for _, version in versions_of(broker.taken)] == [1, 2]


def test_a_hundred_and_twenty_events_in_a_pause_do_not_hold_up_another(apps: dict[str, Flask]):
    app, broker = apps["intake"], FakeBroker()
    add(app, *[uuid4() for _ in range(120)])
    broker.refuses = lambda message: "unroutable"
    assert relay(app, broker) == relay(app, broker) == 0
    assert count(app, OutboxRow, OutboxRow.attempts == 1) == 120

    broker.refuses = lambda message: None
    newest = uuid4()
    add(app, newest)
    assert relay(app, broker) == 1
    assert versions_of(broker.taken) == [(str(newest), 1)]


def test_a_relay_that_ends_in_the_middle_leaves_its_events_to_the_next(apps: dict[str, Flask]):
    app = apps["intake"]
    add(app, uuid4(), uuid4())

    class Killed(BaseException):
        pass

    class Deadly(FakeBroker):
        def publish(self, messages: list[Message], **_: Any) -> Any:
            raise Killed

    with pytest.raises(Killed):
        relay(app, Deadly())
    assert waiting(app) == 2
    assert relay(app, FakeBroker()) == 2


@on_postgresql
def test_two_relays_at_once_publish_nothing_twice_and_keep_the_order(apps: dict[str, Flask]):
    app, things = apps["intake"], [uuid4() for _ in range(20)]
    for version in range(1, 11):
        add(app, *things, version=version)
    broker = FakeBroker()
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            relay(app, broker)

    relays = [threading.Thread(target=work) for _ in range(2)]
    for thread in relays:
        thread.start()
    try:
        while waiting(app):
            stop.wait(0.05)
    finally:
        stop.set()
        for thread in relays:
            thread.join()

    sent = versions_of(broker.taken)
    assert len(sent) == len(set(sent)) == 200
    for thing in things:
        assert [version for key, version in sent if key == str(thing)] == list(range(1, 11))
