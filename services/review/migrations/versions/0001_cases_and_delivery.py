"""Cases, posts, the catalogue; what notify says of mails; the tables of delivery."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.chain import delivery_tables
from shared.tables import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    delivery_tables()
    _cases()
    _beside()


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("reference", sa.String(8), nullable=False, unique=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("public_label", sa.String(40), nullable=False),
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("first_reply_at", Moment()),
        sa.Column("proposal_version", sa.Integer(), nullable=False),
        sa.Column("branch", sa.String(40), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("profile_version", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("first_reply_by", sa.Date(), nullable=False),
        sa.Column("meeting_by", sa.Date(), nullable=False),
        sa.Column("decision_by", sa.Date(), nullable=False),
        sa.Column("submitted_at", Moment(), nullable=False),
    )
    op.create_index("ix_cases_opened_at_id", "cases", ["opened_at", "id"])


def _beside() -> None:
    op.create_table(
        "mail_fates",
        sa.Column("mail_id", sa.Uuid(), primary_key=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("cause", sa.String(200), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("changed_at", Moment(), nullable=False),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "proposal_id",
            sa.Uuid(),
            sa.ForeignKey("cases.proposal_id"),
            nullable=False,
            index=True,
        ),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", Moment(), nullable=False),
    )
    op.create_table(
        "catalogue_entries",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, unique=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
    )
