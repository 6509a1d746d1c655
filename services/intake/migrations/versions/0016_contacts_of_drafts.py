"""Column for the contact address in a draft, by which its link can be asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("drafts", sa.Column("contact", sa.String(254), nullable=True))
    op.create_index("ix_drafts_contact", "drafts", ["contact"])
