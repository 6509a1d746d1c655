"""What this service has told of itself last."""

from shared.migrations import chain

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    chain.told_table()
