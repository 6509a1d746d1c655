"""Drafts, mailed links, what a browser may see, and who did how much in the last hour."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment, RowNumber

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _drafts()
    _access()


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("reference", sa.String(8), nullable=False, unique=True),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("not_sure", sa.JSON(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), index=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False, index=True),
        sa.Column("proposal_id", sa.Uuid(), sa.ForeignKey("proposals.id"), index=True),
    )


def _access() -> None:
    op.create_table(
        "tokens",
        sa.Column("sha256", sa.LargeBinary(), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False, index=True),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("people.id"), nullable=False, index=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False, index=True),
    )
    op.create_table(
        "passes",
        sa.Column("browser", sa.LargeBinary(), primary_key=True),
        sa.Column("thing_id", sa.Uuid(), primary_key=True, index=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False, index=True),
    )
    op.create_table(
        "uses",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("whose", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False, index=True),
        sa.Index("ix_uses_whose", "whose", "at"),
    )
