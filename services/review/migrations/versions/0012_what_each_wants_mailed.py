"""Column for the notification preferences of staff, and the table of the morning digest."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("staff", sa.Column("mail_wishes", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "staff_news",
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("tell_on", sa.Date(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_index("ix_staff_news_tell_on", "staff_news", ["tell_on"])
