"""Table for internal notes."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment, RowNumber

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_index("ix_notes_case_id", "notes", ["case_id"])
