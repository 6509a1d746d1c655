"""Column and index for the day on which a promise is near or has passed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

SOME_DAY = "warn_on IS NOT NULL"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("SET LOCAL statement_timeout = 0")  # of many cases this takes a while
    op.add_column("cases", sa.Column("warn_on", sa.Date()))
    op.add_column("cases", sa.Column("warned", sa.JSON(), nullable=False, server_default="[]"))
    # Check every open case once: only code can count working days.
    op.execute(
        "UPDATE cases SET warn_on = CURRENT_DATE WHERE state IN ('triage', 'decision_draft')"
    )
    op.create_index(
        "ix_cases_warn_on",
        "cases",
        ["warn_on"],
        sqlite_where=sa.text(SOME_DAY),
        postgresql_where=sa.text(SOME_DAY),
    )
