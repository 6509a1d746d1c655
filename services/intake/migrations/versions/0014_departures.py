"""Which messages of the office left together."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("posts", sa.Column("departure_id", sa.Uuid()))
    op.create_index("ix_posts_departure_id", "posts", ["departure_id"])
