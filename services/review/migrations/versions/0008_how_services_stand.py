"""Tables for the last status report of this service and the status of all services."""

import sqlalchemy as sa
from alembic import op

from shared.migrations import chain
from shared.tables import Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    chain.status_report_table()
    op.create_table(
        "service_views",
        sa.Column("service", sa.String(20), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
    )
