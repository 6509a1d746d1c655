"""Accounts of the office as its people use them: invited, asking for a link, using it."""

from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from services.review.models import Staff
from services.review.staff import password_resets
from shared import strict_json
from shared.tables import OutboxRow
from tests.factories import rows
from tests.intake.browsing import Page
from tests.review.office import press, visit

NEW = "green ladders in the rain"


def invited(admin: FlaskClient, **typed: str) -> Page:
    who = {"name": "Noor Haddad", "email": "noor@office.example", "role": "lead", "office": "main"}
    return press(admin, visit(admin, "/people"), "/people/invite", **who | typed)


def links(app: Flask, kind: str) -> list[str]:
    """The paths of the links in the mails of this kind, in order."""
    results = []
    for row in sorted(rows(app, OutboxRow), key=lambda row: row.id):
        data = strict_json.loads(row.envelope)["data"]
        if data.get("kind") == kind:
            results.append(urlsplit(data["variables"]["password_url"]).path)
    return results


def choose(app: Flask, path: str, password: str = NEW) -> Page:
    client = app.test_client()
    return press(client, visit(client, path), path, new=password)


def ask(app: Flask, email: str) -> Page:
    client = app.test_client()
    page = press(client, visit(client, "/password/forgotten"), "/password/forgotten", email=email)
    with app.app_context():
        password_resets.send_links()
    return page


def change(client: FlaskClient, somebody: Staff, act: str, **typed: str) -> Page:
    return press(client, visit(client, "/people"), f"/people/{somebody.id}/{act}", **typed)
