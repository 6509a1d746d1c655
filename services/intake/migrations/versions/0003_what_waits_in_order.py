"""What waits in the outbox is read in its order."""

from shared.migrations import chain

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    chain.outbox_in_order()
