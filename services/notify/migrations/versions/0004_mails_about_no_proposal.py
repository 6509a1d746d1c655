"""Allow mails that are not about a proposal, such as mails to staff."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    embedded = op.get_bind().dialect.name == "sqlite"
    if embedded:  # the table is copied, and with the old one would go what refers to it
        op.execute("CREATE TEMP TABLE attempts_kept AS SELECT * FROM mail_attempts")
    with op.batch_alter_table("mails") as mails:
        mails.alter_column("proposal_id", existing_type=sa.Uuid(), nullable=True)
    if embedded:
        op.execute("DELETE FROM mail_attempts")
        op.execute("INSERT INTO mail_attempts SELECT * FROM attempts_kept")
        op.execute("DROP TABLE attempts_kept")
