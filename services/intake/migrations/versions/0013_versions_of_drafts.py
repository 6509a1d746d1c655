"""Columns for who changed what in a draft, and for answers that wait for a choice."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("drafts", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    for name in ("changed_by", "unsettled"):
        op.add_column("drafts", sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
