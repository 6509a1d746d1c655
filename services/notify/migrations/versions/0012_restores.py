"""Tables for restores, and what partners hold."""

from shared.migrations import chain

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    chain.restore_tables()
