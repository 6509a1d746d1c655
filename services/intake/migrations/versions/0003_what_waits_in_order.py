"""An index of what waits in the outbox in its order: a backlog is not sorted for each hundred."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

WAITING = sa.text("published_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_outbox_waiting", "outbox", ["id"], sqlite_where=WAITING, postgresql_where=WAITING
    )
