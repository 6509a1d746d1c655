"""A turn costs the same with a long backlog as with a short one, whatever the statistics."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event, insert, text

from shared import db
from shared.tables import OutboxRow, now
from tests.apps import on_postgresql
from tests.fakes import FakeBroker, relay


def plans_of(app: Flask) -> str:
    """How the database finds what a turn of the relay takes."""
    plans: list[Any] = []

    def explain(link: Any, cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if statement.startswith("SELECT outbox.id"):
            plans.append(link.exec_driver_sql(f"EXPLAIN {statement}", given).all())

    with app.app_context():
        engine = db.database().engine
        event.listen(engine, "before_cursor_execute", explain)
        relay(app, FakeBroker())
        event.remove(engine, "before_cursor_execute", explain)
    return str(plans)


def update_statistics(app: Flask, how: str) -> None:
    """As the database does by itself every minute: it counts its rows, and may tidy up."""
    with app.app_context():
        engine = db.database().engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as link:
            link.execute(text(f"{how} outbox"))


@on_postgresql
@pytest.mark.parametrize("how", ["ANALYZE", "VACUUM ANALYZE"])
@pytest.mark.parametrize("gone", [0, 10, 2500])
def test_a_backlog_is_taken_in_its_order_and_each_event_asked_of_its_own_thing_only(
    apps: dict[str, Flask], gone: int, how: str
):
    """All that the database knows is from a time in which nothing waited. It must neither put the
    backlog in order for each turn, nor look through all of it for each event."""
    app = apps["intake"]
    add_rows(app, gone, published_at=now())
    update_statistics(app, how)
    add_rows(app, 1500)
    plans = plans_of(app)
    assert "ix_outbox_waiting" in plans
    assert "ix_outbox_todo" in plans
    assert "Sort" not in plans
    assert "Join Filter" not in plans


def add_rows(app: Flask, count: int, **columns: Any) -> None:
    """So many rows as the outbox keeps them."""
    with app.app_context(), db.begin() as session:
        for _ in range(count):
            own = {"event_id": uuid4(), "thing": uuid4().hex, "envelope": b"{}" * 300}
            session.execute(insert(OutboxRow), {"event_type": "post.added.v1"} | own | columns)
