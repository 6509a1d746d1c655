"""A backlog: proposals wait in the queue of review until two workers start."""

import time
import uuid
from collections.abc import Callable

from sqlalchemy import func, select

from shared import commands, db, references
from shared.broker.publisher import Message, Publisher
from shared.tables import InboxRow
from tests.bench import accounts, drafts, suites
from tests.bench.figures import MET, MISSED, Row
from tests.bench.rig import Rig
from tests.factories import id_of
from tests.review.office import sent

BATCH = 100
WITHIN = 300.0
EVENT = "proposal.changed.v1"
FLAT = 1.1  # times the memory of a worker after the first tenth


def backlog(rig: Rig) -> list[Row]:
    """Seconds from the first to the last handled event, and the memory of the workers."""
    count = rig.size.backlog
    _publish(rig, count)
    workers = [suites.worker(rig, "review", number=number) for number in (1, 2)]
    base = _handled(rig)
    with suites.running(rig, workers, rig.production) as running:
        suites.until(lambda: _handled(rig) > base, "the first event", within=WITHIN)
        began = time.monotonic()
        _await(lambda: _handled(rig) - base >= count // 10, "the first tenth")
        early = [accounts.resident(value.pid) for value in running.processes.values()]
        _await(lambda: _handled(rig) - base >= count, "the last event")
        seconds = time.monotonic() - began
        late = [accounts.resident(value.pid) for value in running.processes.values()]
    flat = all(after <= FLAT * before for before, after in zip(early, late, strict=True))
    held = "; ".join(f"{a:.0f} → {b:.0f} MB" for a, b in zip(early, late, strict=True))
    shown = f"{seconds:.1f} s, {count / seconds:.0f}/s; {held}"
    act = f"{count:,} proposals of backlog on two workers"
    return [Row(act, shown, goal="flat memory", verdict=MET if flat else MISSED)]


def _await(done: Callable[[], bool], what: str) -> None:
    suites.until(done, what, within=WITHIN, every=suites.SELDOM)


def _publish(rig: Rig, count: int) -> None:
    """Publish events as intake would, each about another proposal."""
    with rig.apps["intake"].app_context():
        commands.apply_topology()
    publisher = Publisher(rig.amqp, "intake")
    proposal, reference = uuid.uuid4(), references.new()
    one = sent(drafts.SAMPLE, proposal_id=proposal, reference=reference)
    for at in range(0, count, BATCH):
        waiting_messages = []
        for number in range(min(BATCH, count - at)):
            body, event = one.replace(reference.encode(), references.new().encode()), uuid.uuid4()
            for was, is_now in ((id_of(one), event), (proposal, uuid.uuid4())):
                body = body.replace(str(was).encode(), str(is_now).encode())
            waiting_messages.append(Message(number, EVENT, str(event), body))
        outcome = publisher.publish(waiting_messages)
        assert not outcome.failure and not outcome.refused, outcome
    publisher.close()


def _handled(rig: Rig) -> int:
    with rig.apps["review"].app_context(), db.read() as session:
        query = select(func.count()).where(InboxRow.event_type == EVENT)
        return session.scalar(query) or 0
