"""Table for the last status report of this service."""

from shared.migrations import chain

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    chain.status_report_table()
