"""Test data from plain functions."""

import copy
import json
import uuid
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, inspect, select, text
from werkzeug.test import TestResponse

from shared import db, events, strict_json
from shared.tables import now
from tests.apps import EXAMPLE, EXAMPLE_VERSION

EXAMPLES = Path(__file__).parent / "examples"
SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> dict[str, Any]:
    """A valid proposal, by the name of its file."""
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return found | {"answers": ahead(found["answers"])}


def ahead(answers: dict[str, Any]) -> dict[str, Any]:
    """The same answers, with a term that has already begun replaced by the last one."""
    begun = {one["value"] for one in EXAMPLE["terms"] if str(one["starts"]) <= str(now().date())}
    moved = answers.get("target_term") in begun
    return answers | ({"target_term": EXAMPLE["terms"][-1]["value"]} if moved else {})


def samples() -> list[str]:
    """The names of all samples."""
    return sorted(file.stem for file in SAMPLES.glob("*.json"))


def a_proposal(**answers: Any) -> dict[str, Any]:
    """A small proposal of an employer, with these answers replaced."""
    body = copy.deepcopy(sample("partner-half-idea"))
    body["answers"] |= answers
    return body


def a_key() -> str:
    """A new Idempotency-Key."""
    return uuid.uuid4().hex


def send(
    client: FlaskClient, body: Any = None, *, key: str | None = None, **headers: Any
) -> TestResponse:
    """POST a proposal the way a well-behaved caller does."""
    return client.post(
        "/api/v1/proposals",
        data=json.dumps(a_proposal() if body is None else body),
        headers={"Idempotency-Key": key or a_key(), "Content-Type": "application/json"} | headers,
    )


def count(app: Flask, table: Any, *where: Any) -> int:
    """The number of rows in a table of this app."""
    with app.app_context(), db.read() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def rows(app: Flask, table: Any, *where: Any) -> list[Any]:
    """The rows of a table of this app."""
    with app.app_context(), db.read() as session:
        return list(session.scalars(select(table).where(*where)))


def contents(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of this app, except those of migrations and loops."""
    with app.app_context(), db.read() as session:
        names = inspect(session.connection()).get_table_names()
        return {
            name: [tuple(row) for row in session.execute(text(f'SELECT * FROM "{name}"'))]  # noqa: S608
            for name in sorted(set(names) - {"alembic_version", "loop"})
        }


def an_event(name: str, *, envelope: Any = None, **data: Any) -> bytes:
    """The golden example of an event with a new id, the current profile and these changes."""
    event_body = strict_json.loads((EXAMPLES / f"{name}.json").read_bytes())
    event_body["id"] = str(uuid.uuid4())
    if "profile_version" in event_body["data"] and name != "profile.published.v1":
        event_body["data"]["profile_version"] = EXAMPLE_VERSION
    event_body["data"] |= {key: str(value) if isinstance(value, uuid.UUID) else value
                     for key, value in data.items()}  # fmt: skip
    event_body["subject"] = event_body["data"][events.EVENTS[name].thing]
    return strict_json.dumps(event_body | (envelope or {}))


def id_of(event: bytes) -> uuid.UUID:
    """The id of an event."""
    return uuid.UUID(strict_json.loads(event)["id"])


def a_post(**data: Any) -> dict[str, Any]:
    """The arguments of `outbox.add` for one post in a new stream."""
    post = {
        "post_id": uuid.uuid4(),
        "version": 1,
        "proposal_id": uuid.uuid4(),
        "author": "Ray Okafor",
        "side": "proposer",
        "text": "We hire ten people a year.",
        "said_at": now(),
    }
    return post | data


def send_proposal(app: Flask, **answers: Any) -> str:
    """Send a proposal to intake; returns its displayed reference."""
    answer = send(app.test_client(), a_proposal(**answers))
    assert answer.status_code == 201, answer.json
    reference: str = answer.json["reference"]
    return reference
