"""Mails to staff may be about no proposal."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("mail_fates") as fates:
        fates.alter_column("proposal_id", existing_type=sa.Uuid(), nullable=True)
