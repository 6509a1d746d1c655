"""Table for what colleagues have typed on a case and not sent yet."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "unsent_texts",
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("form", sa.String(40), primary_key=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
    )
    op.create_index("ix_unsent_texts_case_id", "unsent_texts", ["case_id"])
    op.create_index("ix_unsent_texts_changed_at", "unsent_texts", ["changed_at"])
