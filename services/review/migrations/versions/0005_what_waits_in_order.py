"""Index for reading the waiting rows of the outbox in order."""

from shared.migrations import chain

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    chain.outbox_in_order()
