"""An administrator runs the service and sees no case, nor its line in the queue."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from services.review.models import Case, Staff
from services.review.queue import listing
from services.review.queue.listing import Filters
from shared import db
from shared.tables import now
from tests.apps import on_sqlite
from tests.review.office import PASSWORD, hire, member, press, received, signed_in, visit

pytestmark = on_sqlite


@pytest.mark.parametrize(
    "path", ["/", "/?tab=all", "/?q=weld", "/?tab=open&due=late", "/operations"]
)
def test_no_page_shows_an_administrator_whose_idea_came_in(apps: dict[str, Flask], path: str):
    review = apps["review"]
    (reference,) = received(review)
    with review.app_context(), db.read() as session:
        case = session.query(Case).one()
        secrets = [reference, case.title, case.organization]
        secrets += [
            value for person in case.people for value in (person["name"], person["address"])
        ]
    secrets = [secret for secret in secrets if secret]
    assert len(secrets) > 3
    page = visit(signed_in(review, "admin"), path)
    assert not [secret for secret in secrets if secret in page.html]


def test_the_first_page_of_an_administrator_is_operations(apps: dict[str, Flask]):
    client = apps["review"].test_client()
    email = hire(apps["review"], "admin")
    entered = press(client, visit(client, "/sign-in"), "/sign-in", email=email, password=PASSWORD)
    first = visit(client, entered.response.headers["Location"])
    assert (first.status, first.response.headers["Location"]) == (303, "/operations")
    page = visit(client, "/operations")
    assert page.status == 200
    assert "Operations" in page.text("nav") and "Queue" not in page.text("nav")


def _listed(session: Session, who: Staff) -> int:
    return len(listing.page(session, who, Filters("all"), today=now().date()).cases)


def test_no_list_of_cases_holds_one_for_an_administrator(apps: dict[str, Flask]):
    review = apps["review"]
    received(review, 2)
    admin = member(review, hire(review, "admin"))
    lead = member(review, hire(review, "lead"))
    with review.app_context(), db.read() as session:
        found = {who.role: _listed(session, who) for who in (admin, lead)}
        counted = {who.role: listing.counts(session, who)["all"] for who in (admin, lead)}
    assert found == counted == {"admin": 0, "lead": 2}
