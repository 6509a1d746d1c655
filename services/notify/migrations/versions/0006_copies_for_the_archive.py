"""Mark letters that were sent with a copy for the archive."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "mails", sa.Column("archived", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "ix_mails_verified",
        "mails",
        ["dot_at"],
        sqlite_where=sa.text("on_doubt = 'verify'"),
        postgresql_where=sa.text("on_doubt = 'verify'"),
    )
