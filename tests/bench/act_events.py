"""Events per second: consumer and relay of a worker, compared with minimal kombu programs."""

import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from kombu import Connection
from sqlalchemy import func, select

from infra.processes import Part
from services.intake.models import Proposal
from shared import db, outbox
from shared.broker.publisher import Message, Publisher
from shared.tables import InboxRow, OutboxRow
from tests.bench import drafts, suites
from tests.bench.figures import Row, at_least
from tests.bench.floors import consumer as floor
from tests.bench.floors.pipeline import BATCH, confirmed
from tests.bench.rig import Rig, plain
from tests.factories import an_event, id_of, sample, send

WITHIN = 120.0
Rate = Callable[[], float]


def consumer(rig: Rig) -> list[Row]:
    """intake saves the status of a mail: the smallest handler."""
    app = rig.apps["intake"]
    assert send(app.test_client(), sample(drafts.SAMPLE)).status_code == 201
    with app.app_context(), db.read() as session:
        proposal = session.scalars(select(Proposal.id).limit(1)).one()
    url = rig.floor_url.replace("+psycopg", "")
    with plain(url) as link:
        link.execute(floor.TABLE)
    command = [sys.executable, "-m", "tests.bench.floors.consumer", rig.amqp, url]
    part = Part("floor consumer", command, rig.sub("log") / "floor-consumer.log")
    with suites.running(rig, [part, suites.worker(rig, "intake")], rig.production):
        suites.until(lambda: _exists(rig, floor.QUEUE), "the floor's queue")
        rounds = _in_turns(
            rig.size.rounds,
            lambda: _consumed(rig, app, _events(rig.size.events, proposal_id=proposal)),
            lambda: _consumed_by_floor(rig, url, rig.size.events),
        )
    rig.empty_queues()
    name = "a consumer: inbox, handler, commit, ack"
    return [at_least(name, rounds[0], rounds[1], 0.6, unit="events/s")]


def relay(rig: Rig) -> list[Row]:
    """The relay publishes and marks rows of the outbox."""
    app = rig.apps["intake"]
    _exists(rig, floor.QUEUE, declare=True)
    rig.empty_queues()
    with suites.running(rig, [suites.worker(rig, "intake")], rig.production):
        time.sleep(2)  # until it is listening
        rounds = _in_turns(
            rig.size.rounds,
            lambda: _relayed(app, rig.size.events * 3),
            lambda: _published(rig, rig.size.events * 3),
        )
    with Connection(rig.amqp) as connection:
        connection.channel().queue_purge(floor.QUEUE)
    rig.empty_queues()
    return [at_least("relay", rounds[0], rounds[1], 0.5, unit="events/s")]


def _in_turns(rounds: int, ours: Rate, theirs: Rate) -> tuple[list[float], list[float]]:
    """Rounds A B A B; the first pair is a warm-up and not counted."""
    pairs = [(ours(), theirs()) for _ in range(rounds + 1)][1:]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _await(done: Callable[[], bool], what: str) -> None:
    suites.until(done, what, within=WITHIN, every=suites.SELDOM)


def _events(count: int, **data: Any) -> list[bytes]:
    return [an_event("mail.changed.v1", mail_id=uuid.uuid4(), **data) for _ in range(count)]


def _consumed(rig: Rig, app: Any, events: list[bytes]) -> float:
    """Publish events as notify does; read from the inbox when each was handled."""
    ids, count = [id_of(event) for event in events], len(events)
    publisher = Publisher(rig.amqp, "notify")
    for at in range(0, count, BATCH):
        batch = zip(ids[at : at + BATCH], events[at : at + BATCH], strict=True)
        messages = [Message(str(one), "mail.changed.v1", str(one), body) for one, body in batch]
        outcome = publisher.publish(messages)
        assert not outcome.failure and not outcome.refused, outcome
    publisher.close()
    handled = InboxRow.event_id.in_(ids)
    query = select(func.count(), func.min(InboxRow.handled_at), func.max(InboxRow.handled_at))

    def seen() -> Any:
        with app.app_context(), db.read() as session:
            return session.execute(query.where(handled)).one()

    _await(lambda: seen()[0] == count, "events to be handled")
    _, first, last = seen()
    seconds: float = (last - first).total_seconds()
    return (count - 1) / seconds


def _consumed_by_floor(rig: Rig, url: str, count: int) -> float:
    with plain(url) as link:
        link.execute("TRUNCATE floor_inbox")
        _to_floor(rig, _events(count))
        whole = "SELECT count(*), min(at), max(at) FROM floor_inbox"
        _await(lambda: link.execute(whole).fetchone()[0] == count, "the floor")
        _, first, last = link.execute(whole).fetchone()
    seconds: float = (last - first).total_seconds()
    return (count - 1) / seconds


def _relayed(app: Any, count: int) -> float:
    """Write rows in one transaction; wait until the last is marked."""
    events = [an_event("proposal.changed.v1", proposal_id=uuid.uuid4()) for _ in range(count)]
    with app.app_context():
        with db.begin() as session:
            rows = [
                OutboxRow(event_id=id_of(event), event_type="proposal.changed.v1",
                          thing=uuid.uuid4().hex, envelope=event)
                for event in events
            ]  # fmt: skip
            session.add_all(rows)
            db.notify(session, channel=outbox.CHANNEL)
            session.flush()
            began = time.time()
        ids = [row.id for row in rows]
        mine = OutboxRow.id.between(min(ids), max(ids))
        waiting = select(func.count()).where(mine, OutboxRow.published_at.is_(None))
        last = select(func.max(OutboxRow.published_at)).where(mine)

        def left() -> int:
            with db.read() as session:
                return session.scalar(waiting) or 0

        _await(lambda: not left(), "the relay")
        with db.read() as session:
            ended = session.scalars(last).one()
    return count / (ended.timestamp() - began)


def _published(rig: Rig, count: int) -> float:
    events = [an_event("proposal.changed.v1", proposal_id=uuid.uuid4()) for _ in range(count)]
    began = time.time()
    _to_floor(rig, events)
    return count / (time.time() - began)


def _to_floor(rig: Rig, events: list[bytes]) -> None:
    with Connection(rig.amqp) as connection:
        channel = connection.channel()
        where = {"routing_key": floor.QUEUE}
        for at in range(0, len(events), BATCH):
            messages = [(event.decode(), where) for event in events[at : at + BATCH]]
            confirmed(connection, channel, messages)


def _exists(rig: Rig, name: str, *, declare: bool = False) -> bool:
    with Connection(rig.amqp) as connection:
        bound = floor.queue(name)(connection.channel())
        if declare:
            bound.declare()
        try:
            bound.queue_declare(passive=True)
        except connection.channel_errors:
            return False
    return True
