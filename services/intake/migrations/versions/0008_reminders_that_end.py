"""Whether somebody wants to be reminded of her draft."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    reminds = sa.Column("reminds", sa.Boolean(), nullable=False, server_default=sa.true())
    op.add_column("drafts", reminds)
