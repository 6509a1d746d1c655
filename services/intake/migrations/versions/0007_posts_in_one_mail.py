"""Column for the time of the mail about a post."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("posts", sa.Column("told_at", Moment()))
