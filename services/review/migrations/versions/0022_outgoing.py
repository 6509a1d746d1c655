"""Table for what the office has sent and what has not left yet."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("leaves_at", Moment(), nullable=False),
    )
    op.create_index("ix_outgoing_case_id", "outgoing", ["case_id"])
    op.create_index("ix_outgoing_leaves_at", "outgoing", ["leaves_at"])
