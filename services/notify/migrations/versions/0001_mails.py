"""Mails and the attempts to send them, beside the tables of delivery."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.chain import delivery_tables
from shared.tables import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    delivery_tables()
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("dedupe_key", sa.String(300), nullable=False, unique=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("on_doubt", sa.String(10), nullable=False),
        sa.Column("message_id", sa.String(300), nullable=False, unique=True),
        sa.Column("rendered", sa.LargeBinary(), nullable=False),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("envelope_from", sa.String(254), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("deferrals", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("lease_token", sa.Uuid()),
        sa.Column("worker_key", sa.BigInteger()),
        sa.Column("dot_at", Moment()),
        sa.Column("last_code", sa.Integer()),
        sa.Column("last_reply", sa.Text()),
        sa.Column("proposal_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("person_id", sa.Uuid(), index=True),
        sa.Column("traceparent", sa.String(60), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
    )
    op.create_index("ix_mails_due", "mails", ["state", "next_attempt_at"])
    op.create_table(
        "mail_attempts",
        sa.Column(
            "mail_id", sa.Uuid(), sa.ForeignKey("mails.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("n", sa.Integer(), primary_key=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("code", sa.Integer()),
        sa.Column("reply", sa.Text()),
        sa.Column("dot_at", Moment()),
        sa.Column("ended_at", Moment(), nullable=False),
    )
