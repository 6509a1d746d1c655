"""Index for unassigned cases in the order of the queue."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

PLACE = ["due_on", "submitted_at", "id"]
NOBODY = "owner_id IS NULL"
OPEN = "state NOT IN ('declined', 'withdrawn', 'quarantined', 'erased')"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("SET LOCAL statement_timeout = 0")  # of many cases this takes a while
    parts = {"ix_cases_nobody": NOBODY, "ix_cases_open_nobody": f"{NOBODY} AND {OPEN}"}
    for name, where in parts.items():
        op.create_index(
            name, "cases", PLACE, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
