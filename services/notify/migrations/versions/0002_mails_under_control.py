"""Who gets no more mail, what was sent again, and an index of what waits."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment

revision = "0002"
down_revision = "0001"

WAITING = sa.text("state IN ('queued', 'deferred')")


def upgrade() -> None:
    op.create_table(
        "suppressions",
        sa.Column("address", sa.String(320), primary_key=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.Uuid()),
        sa.Column("since", Moment(), nullable=False),
    )
    op.add_column("mails", sa.Column("again_of", sa.Uuid()))
    op.add_column("mails", sa.Column("kept", sa.String(10), nullable=False, server_default="whole"))
    op.drop_index("ix_mails_due", "mails")
    op.create_index("ix_mails_state_changed_at", "mails", ["state", "changed_at"])
    op.create_index(
        "ix_mails_waiting",
        "mails",
        ["next_attempt_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index("ix_mails_kept_changed_at", "mails", ["kept", "changed_at"])
