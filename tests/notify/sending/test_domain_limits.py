"""Each domain at its own pace: one that is limited or says "not so fast" holds up no other."""

import time
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from services.notify.models import Mail, Pace
from services.notify.sending import domain_limits, queue
from shared import db
from shared.tables import now
from tests.apps import on_postgresql
from tests.factories import rows
from tests.notify.mailing import (
    announced,
    is_in,
    mail_of,
    requested,
    sender,
    states,
    until,
    wait_for_state,
)
from tests.smtp_sink import Server, sink
from tests.smtp_sink.server import serving

SLOW, FAST = "somebody@slow.example", "somebody@quick.example"


def timed() -> tuple[Server, list[tuple[float, str]]]:
    """A sink that records when it accepted a mail for each recipient."""
    arrivals: list[tuple[float, str]] = []
    keep = lambda mail: arrivals.append((time.monotonic(), mail.recipient))  # noqa: E731
    return Server(lambda stage: None, keep=keep), arrivals


def test_a_domain_gets_no_more_than_its_rate_and_holds_up_no_other(make):
    server, seen = timed()
    with serving(server):
        app = make(server, MAIL_PER_HOST="4/s")
        slow = [requested(app, to_address=SLOW) for _ in range(12)]
        other = requested(app, to_address=FAST)
        with sender(app):
            wait_for_state(app, other, "sent")
            assert any(not is_in(app, one, "sent") for one in slow), "it overtook them"
            until(lambda: all(is_in(app, one, "sent") for one in slow))
    at = [moment for moment, recipient in seen if recipient == SLOW]
    assert len(at) == 12
    assert at[11] - at[3] >= 7 / 4, "four at once, the rest a quarter of a second apart"
    assert all(states(app, one) == ["sent"] for one in slow), "and none was announced"
    assert all(mail_of(app, one).attempts == 1 for one in slow)


@on_postgresql
def test_several_senders_keep_the_rate_of_a_domain_together(make):
    server, seen = timed()
    with serving(server):
        apps = [make(server, MAIL_PER_HOST="4/s") for _ in range(3)]
        slow = [requested(apps[0], to_address=SLOW) for _ in range(12)]
        with sender(apps[0]), sender(apps[1]), sender(apps[2]):
            until(lambda: all(is_in(apps[0], one, "sent") for one in slow))
    assert seen[11][0] - seen[3][0] >= 7 / 4
    assert len(seen) == 12


@pytest.mark.parametrize("reply", [b"450 4.7.1 rate limited\r\n", b"451 4.4.1 unreachable\r\n"])
def test_a_domain_that_answers_too_fast_rests_without_affecting_others(make, reply):
    with sink([("rcpt", reply)]) as server:
        app = make(server, MAIL_RETRY="8")  # seconds for a busy machine
        first = requested(app, to_address=SLOW)
        with sender(app):
            wait_for_state(app, first, "deferred")
            until(lambda: rows(app, Pace))
            second, other = requested(app, to_address=SLOW), requested(app, to_address=FAST)
            wait_for_state(app, other, "sent")
            assert mail_of(app, second).state == "queued", "it was not even tried"
            wait_for_state(app, second, "sent")
            wait_for_state(app, first, "sent")
    assert mail_of(app, second).attempts == 1
    (row,) = rows(app, Pace)
    assert (row.domain, row.rests) == ("slow.example", 1)


@pytest.mark.parametrize("reply", [b"450 4.2.1 busy\r\n", b"450 later\r\n"])
def test_a_busy_mailbox_does_not_pause_its_domain(make, reply):
    with sink([("rcpt", reply)]) as server:
        app = make(server, MAIL_RETRY="3600")
        first = requested(app, to_address=SLOW)
        with sender(app):
            wait_for_state(app, first, "deferred")
            wait_for_state(app, requested(app, to_address="else@slow.example"), "sent")
    assert rows(app, Pace) == []


def test_a_long_queue_of_a_domain_that_rests_is_passed_in_a_few_claims(make):
    """Two thousand mails stand before the one that may go; none of them is looked at twice."""
    with sink() as server:
        app = make(server)
        model = requested(app, to_address=SLOW)
        other = requested(app, to_address=FAST)
        with app.app_context(), db.begin() as session:
            mail = session.get_one(Mail, model)
            row = {column.key: getattr(mail, column.key) for column in Mail.__table__.columns}
            at = now() - timedelta(hours=1)
            more = [row | {"id": one, "dedupe_key": str(one), "message_id": str(one),
                           "next_attempt_at": at} for one in _ids(2000)]  # fmt: skip
            session.execute(insert(Mail), more)
            rest = {"next_at": at, "planned_until": at, "rests_until": now() + timedelta(hours=1)}
            session.add(Pace(domain="slow.example", rests=1, **rest))
        claims = []
        for _ in range(4):
            with app.app_context(), db.begin() as session:
                claims += queue.claim(session, worker_key=1, most=16)
        assert [one.mail_id for one in claims] == [other]
        with app.app_context(), db.begin() as session:
            session.execute(update(Mail).values(state="failed"))


def _ids(count: int) -> list[uuid.UUID]:

    return [uuid.uuid4() for _ in range(count)]


@pytest.mark.parametrize("said", ["fast", "20", "0/s", "20/day", "-1/s", "1.5/s"])
def test_an_invalid_rate_is_refused_with_a_sentence(make, said):

    with pytest.raises(ValueError, match="NUMBER/s"):
        domain_limits.spacing(said)


def test_a_421_is_about_the_server_and_no_domain(make):
    with sink([("rcpt", b"421 4.7.0 closing\r\n")]) as server:
        app = make(server)
        mail_id = requested(app)
        with sender(app):
            wait_for_state(app, mail_id, "sent")
    assert rows(app, Pace) == []
    assert "deferred" in [data["state"] for data in announced(app)]
