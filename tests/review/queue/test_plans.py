"""What PostgreSQL reads for a page of the queue: nothing past the cases that the page shows."""

from datetime import UTC, date, datetime

from flask import Flask
from sqlalchemy import text

from infra.tools.load_data import filling
from services.review.queue import listing
from services.review.queue.listing import STATES, Filters
from shared import db
from tests.apps import on_postgresql
from tests.plans import explained_queries
from tests.review.office import hire, member

TODAY = date(2026, 11, 20)


@on_postgresql
def test_a_tab_reads_no_case_that_it_does_not_show(apps: dict[str, Flask]):
    review = apps["review"]
    until = datetime(TODAY.year, TODAY.month, TODAY.day, 22, tzinfo=UTC)
    list(filling.fill({"review": review}, number=1100, seed=7, until=until))
    director = member(review, hire(review, "director"))
    with review.app_context():
        with db.begin() as session:
            session.execute(text("ANALYZE cases"))
        for tab in STATES:
            with db.read() as session, explained_queries(session) as plans:
                listing.page(session, director, Filters(tab), today=TODAY)
            (plan,) = [plan for plan in plans if " on cases " in plan]
            assert "Rows Removed by Filter" not in plan, plan
