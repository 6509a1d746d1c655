"""Table for messages of proposers that were typed and not sent yet."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "unsent_messages",
        sa.Column("proposal_id", sa.Uuid(), sa.ForeignKey("proposals.id"), primary_key=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
    )
    op.create_index("ix_unsent_messages_changed_at", "unsent_messages", ["changed_at"])
