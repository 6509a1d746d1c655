"""Index for the waiting rows of one thing in the outbox."""

from shared.migrations import chain

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    chain.outbox_of_one_thing()
