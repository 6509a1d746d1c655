"""What waits in the outbox of one thing is never looked for among all."""

from shared.migrations import chain

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    chain.outbox_of_one_thing()
