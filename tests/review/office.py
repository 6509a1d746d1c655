"""The office at work: people who sign in, open pages and press their buttons, as a browser does."""

import unicodedata
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from services.review import departures
from services.review.models import Case, Outgoing, Staff
from services.review.staff import people
from shared import db, references, strict_json
from shared.profile import Profile
from shared.profile.answers.validation import load
from shared.tables import OutboxRow, now
from tests.apps import EXAMPLE
from tests.factories import an_event, rows, sample, send_proposal
from tests.fakes import carry, take
from tests.intake.browsing import HTML, Page, page_of

PROFILE = Profile.of(EXAMPLE)
PASSWORD = "walking on the far side"
CHANGED = "proposal.changed.v1"


@cache
def password_hash() -> str:
    """One for all, with as little work as argon2 allows."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def hire(app: Flask, role: str, *, name: str = "", office: str | None = None) -> str:
    """Add somebody with this role; return the email to sign in with."""
    name = name or f"{role.capitalize()} Person"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    email = f"{'.'.join(plain.casefold().split())}@office.example"
    hashed = password_hash()
    with app.app_context(), db.begin() as session:
        if people.find(session, email=email) is None:
            member = people.add(session, name=name, email=email, role=role, office=office)
            member.password_hash = hashed
    return email


def member(app: Flask, email: str) -> Staff:
    stored: list[Staff] = rows(app, Staff, Staff.email == email)
    return stored[0]


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **query: str) -> Page:
    """Fill in the door's form and press its button."""
    page = visit(client, "/sign-in", **query)
    return press(client, page, "/sign-in", email=email, password=password)


def signed_in(app: Flask, role: str = "triage", *, name: str = "", **columns: Any) -> FlaskClient:
    """The browser of somebody with this role, who is in."""
    client = app.test_client()
    entered = sign_in(client, hire(app, role, name=name, **columns))
    assert entered.status == 303, entered.text()
    return client


def visit(client: FlaskClient, path: str, **query: str) -> Page:
    """Open an address; redirects are shown, not followed."""
    return page_of(client.get(path, headers=HTML, query_string=query or None))


def press(client: FlaskClient, page: Page, action: str, **typed: str) -> Page:
    """Post the form of this action as it stands on the page, with what is typed into it."""
    here = page.response.request.path
    (form,) = [form for form in page.forms if (form.action or here) == action]
    return post(client, action, **{**dict(form.data()), **typed})


def post(client: FlaskClient, path: str, **typed: str) -> Page:
    headers = {**HTML, "Sec-Fetch-Site": "same-origin"}
    return page_of(client.post(path, data=typed, headers=headers))


def do(client: FlaskClient, case: str, act: str, **typed: str) -> Page:
    """Open the page on which an act is offered, and do it."""
    path = f"/cases/{case}/{act}" if act else f"/cases/{case}"
    at = {"decision": path, "letter": path, "letter/release": f"/cases/{case}/letter"}
    at["letter/discard"] = at["letter/release"]
    page = visit(client, at.get(act, f"/cases/{case}"))
    assert page.status == 200, page.text()
    return press(client, page, path, **typed)


def received(app: Flask, number: int = 1, **data: Any) -> list[str]:
    """So many cases, each from an event of its own; their references as they are shown."""
    cases = [references.new() for _ in range(number)]
    for reference in cases:
        take(app, an_event(CHANGED, **{"proposal_id": uuid4(), "reference": reference, **data}))
    return [references.display(reference) for reference in cases]


def sent(name: str, **changes: Any) -> bytes:
    """A sample as intake tells of it, with these answers in place of its own."""
    body = sample(name)
    answers = load(PROFILE, body["answers"] | changes.pop("answers", {}))
    about = {"branch": answers["proposer_kind"], "language": body["language"]}
    return an_event(CHANGED, answers=answers, **about | changes)


def submitted(apps: dict[str, Flask], **answers: Any) -> str:
    """A proposal sent to intake and carried to review; its reference."""
    reference = send_proposal(apps["intake"], **answers)
    carry(apps)
    return reference


def case_of(app: Flask, reference: str) -> Case:
    with app.app_context(), db.read() as session:
        stored = session.scalar(select(Case).where(Case.reference == references.parse(reference)))
        assert stored is not None
        return stored


def published(app: Flask, name: str = "case.changed.v1") -> list[dict[str, Any]]:
    """What review has said under this name, in order."""
    stored = sorted(rows(app, OutboxRow, OutboxRow.event_type == name), key=lambda row: row.id)
    return [strict_json.loads(row.envelope)["data"] for row in stored]


def change_staff(app: Flask, email: str, **how: Any) -> None:
    """Give somebody another role, or let her in or out."""
    with app.app_context(), db.begin() as session:
        member = people.find(session, email=email)
        assert member is not None
        if "role" in how:
            people.change_role(session, member, role=how["role"])
        else:
            people.set_active(session, member, active=how["active"])


def let_time_pass(app: Flask, table: Any, column: str, by: timedelta) -> None:
    """Make what stands in this column so much older, and a second."""
    with app.app_context(), db.begin() as session:
        for row in session.query(table):
            setattr(row, column, getattr(row, column) - by - timedelta(seconds=1))


def let_leave(app: Flask) -> int:
    """Let the time pass until all that was sent leaves; return from how many cases."""
    with app.app_context():
        with db.begin() as session:
            session.execute(update(Outgoing).values(leaves_at=now()))
        return departures.leave_due_everywhere()
