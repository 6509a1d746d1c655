"""What this service has told of itself last."""

from shared.migrations import chain

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    chain.told_table()
