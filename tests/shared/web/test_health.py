"""/healthz and /readyz, for load balancers and for operators."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, text, update
from sqlalchemy.exc import DBAPIError

from shared import db, outbox
from shared.events import SERVICES
from shared.tables import LoopRow, ProfileVersion, WorkerRow, now
from shared.worker import leases
from tests.apps import close, make, on_postgresql
from tests.factories import a_post, an_event
from tests.fakes import take


def signs(app: Flask, **troubles: str | None) -> None:
    """Signs of life as the worker of this service writes them."""
    with app.app_context(), db.begin() as session:
        for name, trouble in {"relay": None, "consumer": None, **troubles}.items():
            session.merge(LoopRow(name=name, seen_at=now(), trouble=trouble))
        leases.renew(session)


def ready(app: Flask) -> tuple[int, dict[str, Any]]:
    answer = app.test_client().get("/readyz")
    assert answer.mimetype == "application/json"
    return answer.status_code, answer.json


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_has_everything_is_ready(apps: dict[str, Flask], service: str):
    signs(apps[service])
    status, body = ready(apps[service])
    assert (status, body["status"], body["service"]) == (200, "ready", service)
    assert {part["state"] for part in body["parts"].values()} == {"ok"}
    running = {"relay", "consumer", "clock", "log"}
    assert set(body["parts"]) == {"database", "disk", "profile", "outbox", "work"} | running


@pytest.mark.parametrize("service", SERVICES)
def test_a_database_without_tables_names_the_command_that_makes_them(service: str, tmp_path: Path):
    app = make(service, DATABASE_URL=f"sqlite:///{tmp_path}/{{service}}.db")
    _, missing = ready(app)
    assert "There is no database at" in missing["parts"]["database"]["detail"]
    command = missing["parts"]["database"]["command"]
    (tmp_path / f"{service}.db").touch()
    status, body = ready(app)
    assert (status, body["status"]) == (503, "broken")
    assert (
        body["parts"]["database"]["command"]
        == command
        == f"flask --app services.{service} db upgrade"
    )
    assert "revision none" in body["parts"]["database"]["detail"]
    assert app.test_client().get("/healthz").status_code == 200
    close(app)


def test_a_database_that_is_away_is_named_and_the_process_still_lives(tmp_path: Path):
    folder = tmp_path / "gone"
    app = make("intake", DATABASE_URL=f"sqlite:///{folder}/{{service}}.db")
    status, body = ready(app)
    assert (status, body["parts"]["database"]["state"]) == (503, "broken")
    assert body["parts"]["database"]["command"]
    assert app.test_client().get("/healthz").json == {"status": "alive", "service": "intake"}
    close(app)


@on_postgresql
def test_a_postgresql_that_is_away_is_named(apps: dict[str, Flask]):
    user = apps["intake"].config["DATABASE_URL"].split("@")[0]
    app = make("intake", DATABASE_URL=f"{user}@127.0.0.1:9/none")
    status, body = ready(app)
    assert (status, body["parts"]["database"]["state"]) == (503, "broken")
    assert app.test_client().get("/status/HK4T-W7RB").status_code == 503
    close(app)


def test_a_missing_profile_names_the_command_that_brings_one(apps: dict[str, Flask]):
    app = apps["review"]
    signs(app)
    with app.app_context(), db.begin() as session:
        session.execute(delete(ProfileVersion))
    status, body = ready(app)
    assert (status, body["status"]) == (503, "broken")
    assert body["parts"]["profile"]["command"] == "flask --app services.review profile import"


def test_a_worker_that_does_not_run_is_named_with_its_command(apps: dict[str, Flask]):
    status, body = ready(apps["notify"])
    assert (status, body["status"]) == (503, "broken")
    assert body["parts"]["worker"]["command"] == "flask --app services.notify worker"


def test_a_worker_that_has_been_silent_does_not_run(apps: dict[str, Flask]):
    app = apps["notify"]
    with app.app_context(), db.begin() as session:
        session.add(LoopRow(name="relay", seen_at=now(), trouble=None))
        leases.renew(session)
        session.execute(update(WorkerRow).values(tick=WorkerRow.tick - 60))
    status, body = ready(app)
    assert (status, body["parts"]["worker"]["state"]) == (503, "broken")
    assert "no sign of life of process" in body["parts"]["worker"]["detail"]


def test_missing_queues_are_a_red_light_with_the_command_that_mends_it(apps: dict[str, Flask]):
    app = apps["intake"]
    trouble = "topology missing: Missing on the broker: intake.from-review.v1"
    signs(app, consumer=trouble)
    status, body = ready(app)
    assert (status, body["status"]) == (503, "broken")
    assert body["parts"]["consumer"] == {
        "state": "broken",
        "detail": trouble,
        "command": "flask --app services.intake topology apply",
    }
    assert body["parts"]["relay"] == {"state": "ok"}


def test_while_the_broker_is_away_the_service_is_degraded_and_takes_proposals(
    apps: dict[str, Flask],
):
    app = apps["intake"]
    signs(app, relay="broker: connection refused")
    with app.app_context(), db.begin() as session:
        outbox.add(session, "post.added.v1", a_post())
    status, body = ready(app)
    assert (status, body["status"]) == (200, "degraded")
    assert body["parts"]["relay"]["state"] == "waits"
    assert body["parts"]["outbox"]["detail"] == "1 waiting"


def test_what_waits_for_a_person_is_counted(apps: dict[str, Flask]):
    app = apps["intake"]
    signs(app)
    take(app, an_event("post.added.v1"))
    take(app, b"no event at all")
    assert ready(app)[1]["parts"]["work"]["detail"] == "1 deferred, 1 parked"


@on_postgresql
def test_a_server_that_had_no_room_to_write_is_named_until_it_writes_again(apps: dict[str, Flask]):
    app = apps["intake"]
    signs(app)
    full = "DO $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$"
    with app.app_context():
        with pytest.raises(DBAPIError) as caught, db.begin() as session:
            session.execute(text(full))
        assert db.unreachable(caught.value)
    status, body = ready(app)
    assert (status, body["parts"]["disk"]["state"]) == (503, "broken")
    signs(app)
    assert ready(app)[0] == 200
