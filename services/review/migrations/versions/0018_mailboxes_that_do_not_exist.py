"""Column for whether a mail failed because its mailbox does not exist."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    column = sa.Column("suppressed", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("mail_fates", column)
