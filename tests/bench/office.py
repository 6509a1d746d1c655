"""A signed-in staff member, and a case to open."""

from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from services.review.models import Case
from services.review.staff import people, sessions
from shared import db, references
from tests.bench import drafts
from tests.fakes import take
from tests.review.office import sent

EMAIL = "bench@office.example"


def pass_of(app: Flask) -> dict[str, str]:
    """The cookie of a coordinator signed in to this app."""
    with app.app_context(), db.begin() as session:
        member = people.find(session, email=EMAIL)
        if member is None:
            member = people.add(session, name="Bea Nchmark", email=EMAIL, role="triage")
            member.must_change = False
            session.flush()
        token = sessions.start(session, member)
    return drafts.cookie(app, _user_id=token, _fresh=True)


def browser(app: Flask) -> FlaskClient:
    """A browser in this process with that cookie."""
    client = app.test_client()
    for name, value in pass_of(app).items():
        client.set_cookie(name, value)
    return client


def oldest_case(app: Flask) -> str:
    """The address of the oldest case, created if there is none."""
    oldest = select(Case.reference).order_by(Case.opened_at).limit(1)
    with app.app_context(), db.read() as session:
        reference = session.scalar(oldest)
    if reference is None:
        reference = references.new()
        take(app, sent(drafts.LARGEST, proposal_id=uuid4(), reference=reference))
    return f"/cases/{references.display(reference)}"
