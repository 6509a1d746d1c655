"""People, proposals, kept answers; what other services say of them; the tables of delivery."""

import sqlalchemy as sa
from alembic import op

from shared.migrations.chain import delivery_tables
from shared.tables import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    delivery_tables()
    _own()
    _projections()


def _own() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("address", sa.String(254), nullable=False, unique=True),
        sa.Column("verified_at", Moment()),
        sa.Column("created_at", Moment(), nullable=False),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("reference", sa.String(8), nullable=False, unique=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("branch", sa.String(40), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("profile_version", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("first_reply_by", sa.Date(), nullable=False),
        sa.Column("meeting_by", sa.Date(), nullable=False),
        sa.Column("decision_by", sa.Date(), nullable=False),
        sa.Column("submitted_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
    )
    op.create_table(
        "proposal_people",
        sa.Column("proposal_id", sa.Uuid(), sa.ForeignKey("proposals.id"), primary_key=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), primary_key=True, index=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
    )
    op.create_table(
        "kept_answers",
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False, index=True),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(
            "proposal_id", sa.Uuid(), sa.ForeignKey("proposals.id"), nullable=False, index=True
        ),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", Moment(), nullable=False),
    )


def _projections() -> None:
    op.create_table(
        "case_views",
        sa.Column("case_id", sa.Uuid(), primary_key=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_label", sa.String(40), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
    )
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
        "catalogue_entries",
        sa.Column("entry_id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
    )
    op.create_table(
        "forgotten",
        sa.Column("person_id", sa.Uuid(), primary_key=True),
        sa.Column("service", sa.String(20), primary_key=True),
        sa.Column("forgotten_at", Moment(), nullable=False),
    )
