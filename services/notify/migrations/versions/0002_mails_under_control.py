"""Suppressed mailboxes, resent mails, and an index of waiting mails."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment

revision = "0002"
down_revision = "0001"

WAITING = "state IN ('queued', 'deferred')"
UNSETTLED = "state IN ('sending', 'in_doubt')"
PARTS = {  # few rows each, however many mails were sent
    "ix_mails_waiting": (["next_attempt_at"], WAITING),
    "ix_mails_expiring": (["expires_at"], WAITING),
    "ix_mails_unsettled": (["state", "dot_at"], UNSETTLED),
}


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
    for name, (columns, where) in PARTS.items():
        op.create_index(
            name, "mails", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    op.create_index("ix_mails_kept_changed_at", "mails", ["kept", "changed_at"])
