"""What waits in the outbox of one thing is never looked for among all."""

from shared.migrations import chain

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    chain.outbox_of_one_thing()
