"""Index mails that are not announced yet."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

UNTOLD = sa.text("version = 0")


def upgrade() -> None:
    op.create_index(
        "ix_mails_untold",
        "mails",
        ["created_at"],
        sqlite_where=UNTOLD,
        postgresql_where=UNTOLD,
    )
