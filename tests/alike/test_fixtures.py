"""What one test does to its databases is not there for the next."""

from flask import Flask
from sqlalchemy import delete

from shared import db
from shared.tables import ProfileVersion
from tests.apps import EXAMPLE_VERSION, empty, on_postgresql
from tests.factories import rows


@on_postgresql
def test_a_test_that_deletes_the_profile_leaves_one_to_the_next(
    database: str, apps: dict[str, Flask]
):
    for app in apps.values():
        with app.app_context(), db.begin() as session:
            session.execute(delete(ProfileVersion))
    empty(database)
    for app in apps.values():
        assert [row.version for row in rows(app, ProfileVersion)] == [EXAMPLE_VERSION]
