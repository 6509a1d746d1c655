"""Column and index for reminders of drafts."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment

revision = "0006"
down_revision = "0005"

WAITS = sa.text("remind_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("drafts", sa.Column("remind_at", Moment()))
    # At once for all that have a mailbox; the loop then finds out which of them are idle.
    op.execute(
        "UPDATE drafts SET remind_at = changed_at"
        " WHERE person_id IS NOT NULL AND proposal_id IS NULL"
    )
    op.create_index(
        "ix_drafts_remind_at",
        "drafts",
        ["remind_at"],
        sqlite_where=WAITS,
        postgresql_where=WAITS,
    )
