"""Indexes of open cases know the states of cases that are closed as passed on or unanswered."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

PLACE = ["due_on", "submitted_at", "id"]
OPEN = "state NOT IN ('declined', 'redirected', 'lapsed', 'withdrawn', 'quarantined', 'erased')"
FILTERS = ("owner_id", "office", "branch")


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("SET LOCAL statement_timeout = 0")  # of many cases this takes a while
    indexes = {"ix_cases_open": (PLACE, OPEN)}
    indexes |= {f"ix_cases_open_{by}": ([by, *PLACE], OPEN) for by in FILTERS}
    indexes |= {"ix_cases_open_nobody": (PLACE, f"owner_id IS NULL AND {OPEN}")}
    for name, (columns, where) in indexes.items():
        op.drop_index(name, "cases")
        op.create_index(
            name, "cases", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
