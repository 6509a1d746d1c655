"""Six digits beside a mailed link."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("tokens", sa.Column("asked", sa.LargeBinary()))
    op.add_column("tokens", sa.Column("code", sa.LargeBinary()))
    op.add_column(
        "tokens", sa.Column("tries", sa.SmallInteger(), nullable=False, server_default="0")
    )
    op.create_index("ix_tokens_asked", "tokens", ["asked"])
