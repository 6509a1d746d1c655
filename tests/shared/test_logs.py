"""What the log contains, and what it must not contain."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session

from shared.broker.consumer import Verdict
from shared.tables import DeferredEvent, InboxRow, now
from tests.factories import a_key, an_event, rows, send_proposal
from tests.fakes import take
from tests.trouble.lost_data.running import Intake, new_installation, started
from tests.trouble.lost_data.small_disk import until

POST = "post.added.v1"


@pytest.mark.parametrize("broken", [{"event_id": UUID(int=7)}, {"event_type": None}])
def test_a_database_that_refuses_what_a_handler_writes_puts_none_of_it_into_the_log(
    apps: dict[str, Flask], capsys: pytest.CaptureFixture[str], broken: dict[str, Any]
):
    review = apps["review"]
    row = {"event_type": "the secret of Dolores", "sha256": b"t0ken", "handled_at": now()}

    def refused(session: Session, data: dict[str, Any]) -> None:
        session.execute(insert(InboxRow), {**row, "event_id": UUID(int=7)})
        session.execute(insert(InboxRow), {**row, "event_id": uuid4(), **broken})

    assert take(review, an_event(POST), handlers={POST: refused}) is Verdict.ACK
    assert [event.reason for event in rows(review, DeferredEvent)] == [
        "handler_error: IntegrityError"
    ]
    text = capsys.readouterr().err
    assert "IntegrityError" in text and "constraint" in text
    for secret in ("Dolores", "t0ken", r"x74306b656e", str(UUID(int=7))):
        assert secret not in text


def test_every_line_names_its_service_and_a_reference_as_people_have_it(
    migrated_files: Path, tmp_path: Path
):
    data = new_installation(migrated_files, tmp_path / "data")
    with started(Intake(data, data / "log")) as service:
        _, body = service.send(a_key())
        until(lambda: "broker" in service.logs[1].read_text())
    read = [json.loads(line) for log in service.logs for line in log.read_text().splitlines()]
    assert len(read) > 4
    assert [line for line in read if line.get("service") != "intake"] == []
    (received,) = [line for line in read if line["event"] == "proposal received"]
    assert received["reference"] == json.loads(body)["reference"]
    assert received["reference"][4] == "-"


@pytest.mark.parametrize("level", ["", "INFO"])
def test_a_command_writes_its_answer_alone_unless_more_is_asked_for(
    apps: dict[str, Flask], level: str
):
    send_proposal(apps["intake"])
    settings = {"OVERTURE_DATABASE_URL": apps["intake"].config["DATABASE_URL"]}
    if level:
        settings["OVERTURE_LOG_LEVEL"] = level
    announced = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "services.intake", "announce"],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "1 proposals" in announced.stdout
    assert ("event added" in announced.stderr) == bool(level)
