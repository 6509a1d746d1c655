"""Index for the waiting rows of one thing in the outbox."""

from shared.migrations import chain

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    chain.outbox_of_one_thing()
