"""Decisions about failed events, and the alerts that administrators got."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment, RowNumber

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column(
        "service_views", sa.Column("alarmed", sa.JSON(), nullable=False, server_default="{}")
    )
    op.create_table(
        "parked_deeds",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("service", sa.String(20), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.String(100), nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
