"""Columns for whether a receipt was asked for, and whether a copy of the answers waits."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    column = sa.Column("receipt_asked", sa.Boolean(), nullable=False, server_default=sa.true())
    op.add_column("proposals", column)
    waits = sa.Column("copy_waits", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("proposals", waits)
