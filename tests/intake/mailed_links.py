"""Mailed links: the requested mails, the links in them, and the page that asks for a new one."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from shared import strict_json
from shared.tables import OutboxRow
from tests.factories import rows, send_proposal
from tests.intake.browsing import Page, get, press

HALF = "partner-half-idea"
RAY = "ray@okafor-millwork.example"


def mailed(app: Flask, kind: str) -> list[dict[str, Any]]:
    """The requested mails of this kind."""
    requests = rows(app, OutboxRow, OutboxRow.event_type == "mail.requested.v1")
    mails = [strict_json.loads(row.envelope)["data"] for row in requests]
    return [mail for mail in mails if mail["kind"] == kind]


def link_in(mail: dict[str, Any]) -> str:
    """The path of the link in a mail."""
    return re.sub(r"^https?://[^/]+", "", mail["variables"]["status_url"])


def sent_with_link(app: Flask) -> tuple[str, str]:
    """A proposal that was sent: its reference, and the path of the link in its receipt."""
    reference = send_proposal(app)
    return reference, link_in(mailed(app, "receipt")[-1])


def request_link(client: FlaskClient, known: str) -> Page:
    """The page after asking for a link with this address or reference."""
    page = get(client, "/link")
    page.form.named("known")[0].value = known
    return press(client, page, ("go", "send"))
