"""What the log contains, and what it must not contain."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session

from shared.broker.consumer import Verdict
from shared.tables import DeferredEvent, InboxRow, now
from tests.factories import an_event, rows
from tests.fakes import take

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
