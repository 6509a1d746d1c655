"""Add the last status report of this service."""

from shared.migrations import chain

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    chain.status_report_table()
