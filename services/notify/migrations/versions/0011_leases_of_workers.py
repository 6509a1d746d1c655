"""Workers renew a lease, so that one that was stopped is seen."""

from shared.migrations import chain

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    chain.worker_leases()
