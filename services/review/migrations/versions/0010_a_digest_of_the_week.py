"""Columns for the weekly digest: whether it is wanted, and when it was last sent."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    wanted = sa.Column("wants_digest", sa.Boolean(), nullable=False, server_default=sa.true())
    op.add_column("staff", wanted)
    op.add_column("staff", sa.Column("digested_on", sa.Date()))
