"""Index the outbox in the order of publishing."""

from shared.migrations import chain

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    chain.outbox_in_order()
