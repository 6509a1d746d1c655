"""Workers renew a lease, so that one that was stopped is seen."""

from shared.migrations import chain

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    chain.worker_leases()
