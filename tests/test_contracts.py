"""Every event that was ever sent stays readable: one golden example for each version.

Examples are added but never changed. They pin what a receiver must accept from old and new senders
and what a sender must keep; receivers ignore extra fields.
"""

import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from marshmallow import Schema, fields

from services.intake.models import Proposal
from shared import db, events, strict_json
from shared.broker.consumer import Verdict
from shared.events import EVENTS
from shared.profile import versions
from shared.tables import DeferredEvent, InboxRow, ProfileVersion
from tests.apps import on_sqlite
from tests.factories import count, rows
from tests.fakes import take

EXAMPLES = Path(__file__).parent / "examples"
CONSUMERS = [(name, consumer) for name, event in EVENTS.items() for consumer in event.consumers]
NEWER = {"a_later_field": {"of": ["a", "newer", "sender"]}}


def example(name: str) -> dict[str, Any]:
    found: dict[str, Any] = strict_json.loads((EXAMPLES / f"{name}.json").read_bytes())
    return found


def test_every_version_of_every_event_has_its_example():
    assert {file.stem for file in EXAMPLES.glob("*.json")} == set(EVENTS)


@pytest.mark.parametrize("name", EVENTS)
def test_the_example_is_what_todays_sender_may_say(name: str):
    envelope = example(name)
    events.Envelope().load(envelope)
    events.strict(name).load(envelope["data"])
    assert envelope["type"] == events.PREFIX + name
    assert envelope["subject"] == envelope["data"][EVENTS[name].thing]
    assert envelope["source"].rsplit("/", 1)[-1] in EVENTS[name].publishers


@pytest.mark.parametrize("name", EVENTS)
def test_no_field_has_been_removed_and_no_new_one_is_demanded(name: str):
    _compare(EVENTS[name].schema(), example(name)["data"], at=name)


def _compare(schema: Schema, said: dict[str, Any], *, at: str) -> None:
    assert set(said) <= set(schema.fields), f"{at}: a field was removed"
    demanded = {key for key, field in schema.fields.items() if field.required}
    assert demanded <= set(said), f"{at}: a field was added that old senders do not say"
    for key, value in said.items():
        field = schema.fields[key]
        if isinstance(field, fields.List):
            field, value = field.inner, value[0]
        if isinstance(field, fields.Nested) and value is not None:
            _compare(field.schema, value, at=f"{at}.{key}")


@on_sqlite
@pytest.mark.parametrize(("name", "consumer"), CONSUMERS)
@pytest.mark.parametrize("more", [{}, NEWER], ids=["as it is", "from a newer sender"])
def test_a_consumer_handles_the_example(
    apps: dict[str, Flask], name: str, consumer: str, more: dict[str, Any]
):
    app = apps[consumer]
    prepare(app)
    envelope = example(name) | more
    envelope["data"] = _with(envelope["data"], more)

    verdict = take(app, strict_json.dumps(envelope), queue=f"{consumer}.from-another.v1")

    assert verdict is Verdict.ACK
    assert [row.reason for row in rows(app, DeferredEvent)] == []
    assert count(app, InboxRow, InboxRow.event_id == UUID(envelope["id"])) == 1


def _with(value: Any, more: dict[str, Any]) -> Any:
    """The data with the later field in each of its objects that a schema describes."""
    wider = copy.deepcopy(value) | more
    for key, inner in value.items():
        if key in ("contact", "promises", "meeting", "letter", "reply_to"):
            wider[key] = inner | more
        elif key in ("people", "files", "reopened", "route_steps"):
            wider[key] = [one | more for one in inner]
    return wider


def prepare(app: Flask) -> None:
    """Give the service what the example refers to: profile, proposal and case."""
    body = example("profile.published.v1")["data"]["body"]
    with app.app_context(), db.begin() as session:
        versions.put(session, body=body)
        if app.config["SERVICE"] == "intake":
            session.add(the_proposal())
    if app.config["SERVICE"] == "review":
        path = EXAMPLES / "proposal.changed.v1.json"
        earlier = json.loads(path.read_text(encoding="utf-8"))
        earlier["id"] = "11111111-0000-4000-8000-000000000000"
        take(app, strict_json.dumps(earlier))


def the_proposal() -> Proposal:
    """The proposal of the examples, as intake holds it after the proposer was forgotten."""
    data = example("proposal.changed.v1")["data"]
    moment, day = datetime(2026, 9, 1, tzinfo=UTC), date(2026, 9, 4)
    return Proposal(
        id=UUID(data["proposal_id"]),
        state="erased",
        title="",
        answers={},
        **{key: data[key] for key in ("reference", "branch", "language", "profile_version")},
        **dict.fromkeys(("first_reply_by", "meeting_by", "decision_by"), day),
        submitted_at=moment,
        changed_at=moment,
    )


@on_sqlite
def test_a_profile_from_an_old_example_can_still_be_used(apps: dict[str, Flask]):
    app = apps["intake"]
    prepare(app)
    version = example("profile.published.v1")["data"]["profile_version"]
    assert count(app, ProfileVersion, ProfileVersion.version == version) == 1
    with app.app_context(), db.read() as session:
        profile = versions.of(session, version=version)
    assert profile.office("main")["contact"]["email"] == "elearning@lakeside.example"
    assert profile.mail("receipt", "en")["subject"]
