"""Add the domain of each mail and the pace of each domain."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment

revision = "0005"
down_revision = "0004"

WAITING = sa.text("state IN ('queued', 'deferred')")
BEHIND_THE_AT = {
    "sqlite": "lower(substr(recipient, instr(recipient, '@') + 1))",
    "postgresql": "lower(split_part(recipient, '@', 2))",
}


def upgrade() -> None:
    op.create_table(
        "paces",
        sa.Column("domain", sa.String(255), primary_key=True),
        sa.Column("next_at", Moment(), nullable=False),
        sa.Column("planned_until", Moment(), nullable=False),
        sa.Column("rests_until", Moment(), nullable=False),
        sa.Column("rests", sa.Integer(), nullable=False),
    )
    op.add_column("mails", sa.Column("domain", sa.String(255), nullable=False, server_default=""))
    domain = BEHIND_THE_AT[op.get_bind().dialect.name]
    mails = sa.table("mails", sa.column("domain"), sa.column("state"))
    under_way = mails.c.state.in_(["queued", "deferred", "sending", "in_doubt"])
    op.execute(mails.update().where(under_way).values(domain=sa.text(domain)))
    op.create_index(
        "ix_mails_waiting_by_domain",
        "mails",
        ["domain", "next_attempt_at"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
