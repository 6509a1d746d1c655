"""Links by which people of the office choose a password, and who asked for one."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment, RowNumber

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "staff_keys",
        sa.Column("id_hash", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
    )
    op.create_index("ix_staff_keys_staff_id", "staff_keys", ["staff_id"])
    op.create_table(
        "forgotten_passwords",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id")),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_forgotten_passwords_account_at", "forgotten_passwords", ["account", "at"])
    op.create_index("ix_forgotten_passwords_address_at", "forgotten_passwords", ["address", "at"])
