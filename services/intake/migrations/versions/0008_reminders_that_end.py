"""Column for whether reminders of a draft are wanted."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    reminds = sa.Column("reminds", sa.Boolean(), nullable=False, server_default=sa.true())
    op.add_column("drafts", reminds)
