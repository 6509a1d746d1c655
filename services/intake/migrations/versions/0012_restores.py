"""Tables for restores, and the case of a proposal keyed by its proposal.

A case that review lost and opened again has another id. It takes the place of the lost one.
"""

import sqlalchemy as sa
from alembic import op

from shared.migrations import chain

revision = "0012"
down_revision = "0011"

COLUMNS = "proposal_id, case_id, version, public_label, state"


def upgrade() -> None:
    chain.restore_tables()
    op.rename_table("case_views", "case_views_by_case")
    op.create_table(
        "case_views",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_label", sa.String(40), nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_case_views_by_proposal"),
    )
    op.execute(
        f"INSERT INTO case_views ({COLUMNS}) SELECT {COLUMNS} FROM case_views_by_case"  # noqa: S608
    )
    op.drop_table("case_views_by_case")
