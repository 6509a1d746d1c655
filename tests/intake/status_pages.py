"""The status page of a browser that has just sent a proposal."""

from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from services.intake.models import Proposal
from shared import db, strict_json
from shared.tables import OutboxRow
from tests.factories import an_event, rows, sample
from tests.fakes import take
from tests.intake import form_filling as typed
from tests.intake.browsing import Page, get

HALF = "partner-half-idea"


def sent(app: Flask) -> FlaskClient:
    """A browser that has just sent a proposal."""
    client = app.test_client()
    assert typed.play(client, sample(HALF)).path == "/sent"
    return client


def review_reports(app: Flask, **data: Any) -> None:
    """Review reports the case of the only proposal."""
    (proposal,) = rows(app, Proposal)
    promises = {
        name: getattr(proposal, name).isoformat()
        for name in ("first_reply_by", "meeting_by", "decision_by")
    }
    defaults: dict[str, Any] = {
        "letter": None,
        "meeting": None,
        "route_steps": [],
        "first_reply_at": None,
    }
    data_of_case = {"proposal_id": proposal.id, "promises": promises, **defaults, **data}
    take(app, an_event("case.changed.v1", **data_of_case))


def promised(app: Flask, **days: date) -> None:
    with app.app_context(), db.begin() as session:
        session.execute(update(Proposal).values(**days))


def status(client: FlaskClient) -> Page:
    page = get(client, "/status")
    assert page.status == 200
    return page


def asked(app: Flask) -> list[dict[str, Any]]:
    """The mails that notify is asked to send."""
    events = rows(app, OutboxRow, OutboxRow.event_type == "mail.requested.v1")
    return [strict_json.loads(row.envelope)["data"] for row in events]
