"""Rebuild the indexes of mails so that a mark touches none and an outcome few."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

GONE = "state NOT IN ('queued', 'sending', 'deferred', 'in_doubt')"
INDEXES = {
    "ix_mails_verified": (["changed_at"], "on_doubt = 'verify'"),
    "ix_mails_unsettled": (["state"], "state IN ('sending', 'in_doubt')"),
    "ix_mails_untold": (["created_at"], "version = 0 AND lease_token IS NULL"),
    "ix_mails_gone": (["kept", "changed_at"], GONE),
}


def upgrade() -> None:
    for name in ("verified", "unsettled", "untold", "kept_changed_at"):
        op.drop_index(f"ix_mails_{name}", "mails")
    for name, (columns, words) in INDEXES.items():
        where = sa.text(words)
        op.create_index(name, "mails", columns, sqlite_where=where, postgresql_where=where)
    if op.get_bind().dialect.name == "postgresql":
        # Room beside each mail for the two versions that its claim and its mark make.
        op.execute("ALTER TABLE mails SET (fillfactor = 30)")
