"""Tables for restores, and what partners hold."""

from shared.migrations import chain

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    chain.restore_tables()
