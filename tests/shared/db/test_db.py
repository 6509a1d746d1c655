"""Sessions for writing and reading, and the wake-up of loops."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from services.review import create_app as create_review
from shared import db, outbox
from shared.tables import InboxRow, Tombstone, now
from tests.apps import on_postgresql, on_sqlite
from tests.factories import a_post, count, rows, send


def test_what_begin_writes_is_kept_and_what_fails_is_not(apps: dict[str, Flask]):
    app = apps["intake"]
    with app.app_context():
        with db.begin() as session:
            session.add(Tombstone(subject_id=uuid4()))
        with pytest.raises(ZeroDivisionError), db.begin() as session:
            session.add(Tombstone(subject_id=uuid4()))
            session.flush()
            _ = 1 / 0
        with db.read() as session:
            session.add(Tombstone(subject_id=uuid4()))
            session.flush()
    assert count(app, Tombstone) == 1


def test_transactions_that_read_first_and_write_later_do_not_disturb_each_other(
    apps: dict[str, Flask],
):
    app = apps["intake"]
    with app.app_context(), db.begin() as session:
        session.add(InboxRow(event_id=(key := uuid4()), event_type="0", sha256=b""))

    def count_up() -> None:
        for _ in range(10):
            with app.app_context(), db.begin() as session:
                row = session.get_one(InboxRow, key, with_for_update=True)
                row.event_type = str(int(row.event_type) + 1)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [row.event_type for row in rows(app, InboxRow)] == ["40"]


def test_only_the_first_row_under_a_key_is_new(apps: dict[str, Flask]):
    values = {"subject_id": uuid4(), "erased_at": now()}
    with apps["intake"].app_context(), db.begin() as session:
        assert db.insert_new(session, Tombstone, values=values)
        assert not db.insert_new(session, Tombstone, values=values)


def test_a_moment_comes_back_as_it_went_in_whatever_its_zone(apps: dict[str, Flask]):
    app, far = apps["intake"], timezone(timedelta(hours=-9))
    moment = datetime(2026, 3, 8, 2, 30, 0, 123456, tzinfo=far)
    with app.app_context(), db.begin() as session:
        session.add(Tombstone(subject_id=uuid4(), erased_at=moment))
    (row,) = rows(app, Tombstone)
    assert row.erased_at == moment
    assert row.erased_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(apps: dict[str, Flask]):
    naive = datetime(2026, 3, 8)
    with (
        pytest.raises(Exception, match="needs a time zone"),
        apps["intake"].app_context(),
        db.begin() as session,
    ):
        session.add(Tombstone(subject_id=uuid4(), erased_at=naive))


def test_a_commit_wakes_loops_that_wait_for_changes(apps: dict[str, Flask]):
    app, woken, listening = apps["intake"], threading.Event(), threading.Event()

    def wait() -> None:
        with app.app_context(), db.changes(outbox.CHANNEL) as changed:
            listening.set()
            changed(20.0)
            if count(app, Tombstone):  # woken by what was written, and after it
                woken.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert listening.wait(10)
    with app.app_context(), db.begin() as session:
        session.add(Tombstone(subject_id=uuid4()))
        outbox.add(session, "post.added.v1", a_post())
    thread.join(10)
    assert woken.is_set()


def test_a_database_in_memory_is_refused_because_loops_and_requests_would_not_share_it():
    with pytest.raises(ValueError, match="must name a file"):
        create_review({"DATABASE_URL": "sqlite://"})


@on_sqlite
def test_while_somebody_else_holds_the_file_a_proposal_is_refused_and_can_be_sent_again(
    apps: dict[str, Flask],
):
    app = apps["intake"]
    engine = app.extensions["database"].engine
    engine.dispose()

    @event.listens_for(engine, "connect")
    def impatient(link, _):  # the usual ten seconds are too long for a test
        link.execute("PRAGMA busy_timeout = 100").close()

    with engine.connect() as other:
        other.exec_driver_sql("ROLLBACK")
        other.exec_driver_sql("BEGIN IMMEDIATE")
        answer = send(app.test_client(), key="a-key-that-comes-again")
        other.exec_driver_sql("ROLLBACK")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.json["code"] == "try_again"
    assert send(app.test_client(), key="a-key-that-comes-again").status_code == 201


@on_postgresql
def test_while_somebody_else_holds_the_tables_a_proposal_is_refused_and_can_be_sent_again(
    apps: dict[str, Flask],
):
    app = apps["intake"]
    with app.extensions["database"].engine.connect() as other:
        other.execute(text("LOCK TABLE proposals IN ACCESS EXCLUSIVE MODE"))
        answer = send(app.test_client(), key="a-key-that-comes-again")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert send(app.test_client(), key="a-key-that-comes-again").status_code == 201


@on_postgresql
def test_a_connection_that_the_server_ended_is_replaced(apps: dict[str, Flask]):
    app = apps["intake"]
    ours = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    )
    with app.app_context():
        with pytest.raises(DBAPIError) as caught, db.read() as session:
            session.execute(text(ours + " AND pid = pg_backend_pid()"))
        assert db.unreachable(caught.value)
        with db.read() as session:
            assert session.scalar(text("SELECT 1")) == 1


@on_postgresql
def test_a_statement_that_runs_too_long_is_no_reason_to_call_the_database_away(
    apps: dict[str, Flask],
):
    with apps["intake"].app_context():
        with pytest.raises(DBAPIError) as caught, db.read() as session:
            session.execute(text("SET LOCAL statement_timeout = 50"))
            session.execute(text("SELECT pg_sleep(5)"))
        assert not db.unreachable(caught.value)
