"""A database of the first release comes through the upgrade with everything in it."""

from pathlib import Path
from uuid import uuid4

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from services.review.models import Case, CaseFlag, Post
from shared import db, migrations
from shared.migrations import chain
from tests.apps import EXAMPLE_VERSION, close, make, seed
from tests.factories import count, rows


def test_cases_and_what_refers_to_them_are_kept(tmp_path: Path):
    app = make("review", DATABASE_URL=f"sqlite:///{tmp_path}/review.db")
    case, proposal = uuid4().hex, uuid4().hex
    day, moment = "2026-09-04", "2026-09-01 12:00:00.000000"
    with app.app_context():
        config = Config()
        config.set_main_option("script_location", str(migrations.folder()))
        db.database().make()
        engine = db.database().engine.execution_options(immediate=True)
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "0001")
            connection.execute(
                text(
                    "INSERT INTO cases VALUES (:case, :proposal, 'HK4TW7RB', 1, 'triage',"
                    " 'received', 'main', :moment, :moment, NULL, 1, 'partner', 'en', :version,"
                    " 'Reading shop drawings', '', '{\"proposer_kind\": \"partner\"}', '[]',"
                    " :day, :day, :day, :moment)"
                ),
                {"case": case, "proposal": proposal, "moment": moment, "day": day,
                 "version": EXAMPLE_VERSION},
            )  # fmt: skip
            connection.execute(
                text("INSERT INTO posts VALUES (:id, :p, 'office', 'Renee', 'Hello', :moment)"),
                {"id": uuid4().hex, "p": proposal, "moment": moment},
            )
        chain.upgrade()
    seed(app)
    assert count(app, Post) == 1

    refreshed = app.test_cli_runner().invoke(args=["cases", "refresh"])

    assert refreshed.exit_code == 0, refreshed.output
    (stored,) = rows(app, Case)
    assert stored.due_on.isoformat() == day
    assert "hk4t-w7rb" in stored.search_text
    assert [row.flag for row in rows(app, CaseFlag)] == ["no_sponsor"]
    close(app)
