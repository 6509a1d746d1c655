"""Run the migrations of a service, in one transaction on both databases.

The delivery tables are the same in all three services. `delivery_tables` is their frozen first
version, called by the first migration of each chain. A later change is a new function.
"""

import sqlalchemy as sa
from alembic import command, context, op
from alembic.config import Config

from shared import db, migrations
from shared.tables import Moment, RowNumber


def upgrade() -> None:
    """Bring the database of the current app to the newest revision."""
    config = Config()
    config.set_main_option("script_location", str(migrations.folder()).replace("%", "%%"))
    db.database().make()
    engine = db.database().engine.execution_options(immediate=True)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def run(metadata: sa.MetaData) -> None:
    """Called by every env.py: run the migrations on the connection from `upgrade`."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,  # for its naming convention of constraints
        render_as_batch=True,
    )
    context.run_migrations()


def delivery_tables() -> None:
    """Outbox, inbox, work, profile_version, tombstone, loop: version 1."""
    op.create_table(
        "outbox",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("event_id", sa.Uuid(), nullable=False, unique=True),
        sa.Column("event_type", sa.String(100), nullable=False),
        sa.Column("thing", sa.String(100), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Moment(), nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("published_at", Moment(), index=True),
    )
    unpublished = sa.text("published_at IS NULL")
    op.create_index(
        "ix_outbox_todo",
        "outbox",
        ["thing", "id"],
        sqlite_where=unpublished,
        postgresql_where=unpublished,
    )
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Uuid(), primary_key=True),
        sa.Column("event_type", sa.String(100), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("handled_at", Moment(), nullable=False, index=True),
    )
    op.create_table(
        "work",
        sa.Column("event_id", sa.Uuid(), primary_key=True),
        sa.Column("event_type", sa.String(100), nullable=False),
        sa.Column("queue", sa.String(100), nullable=False),
        sa.Column("content_type", sa.String(100), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Moment(), nullable=False),
        sa.Column("first_seen_at", Moment(), nullable=False),
        sa.Column("last_seen_at", Moment(), nullable=False),
    )
    op.create_index("ix_work_due", "work", ["state", "next_attempt_at"])
    op.create_table(
        "profile_version",
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False, index=True),
    )
    op.create_table(
        "tombstone",
        sa.Column("subject_id", sa.Uuid(), primary_key=True),
        sa.Column("erased_at", Moment(), nullable=False),
    )
    op.create_table(
        "loop",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("trouble", sa.Text()),
    )


def outbox_in_order() -> None:
    """An index of unpublished events by id, so that a backlog is never sorted."""
    unpublished = sa.text("published_at IS NULL")
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["id"],
        sqlite_where=unpublished,
        postgresql_where=unpublished,
    )


def outbox_of_one_thing() -> None:
    """Two partial indexes, not interchangeable on purpose: see the indexes of `OutboxRow`."""
    indexes = {
        "ix_outbox_waiting": ("id", "published_at IS NULL AND attempts >= 0"),
        "ix_outbox_gone": ("published_at", "published_at IS NOT NULL"),
    }
    for old in ("ix_outbox_waiting", "ix_outbox_published_at"):
        op.drop_index(old, "outbox")
    for name, (column, condition) in indexes.items():
        where = sa.text(condition)
        op.create_index(name, "outbox", [column], sqlite_where=where, postgresql_where=where)


def status_report_table() -> None:
    """The last status report of a service."""
    op.create_table(
        "told",
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )


def worker_leases() -> None:
    """The leases of worker processes, and of loops that work under a key of their own."""
    op.create_table(
        "worker",
        sa.Column("key", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("process", sa.BigInteger(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(100), nullable=False),
        sa.Column("tick", sa.Float(53), nullable=False),
        sa.Column("ahead", sa.Float(53), nullable=False),
        sa.Column("trouble", sa.Text()),
    )


def restore_tables() -> None:
    """Restores, what came back or is lost, what partners hold; what stays of a blanked event."""
    op.add_column("outbox", sa.Column("remains", sa.LargeBinary()))
    op.create_table(
        "restores",
        sa.Column("restored_at", Moment(), primary_key=True),
        sa.Column("copied_at", Moment(), nullable=False),
    )
    op.create_table(
        "restored_things",
        sa.Column("kind", sa.String(40), primary_key=True),
        sa.Column("thing_id", sa.Uuid(), primary_key=True),
        sa.Column("came_back", sa.Boolean(), nullable=False),
        sa.Column("noted_at", Moment(), nullable=False),
    )
    op.create_table(
        "partner_inventories",
        sa.Column("partner", sa.String(20), primary_key=True),
        sa.Column("compared_at", Moment(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("restored_at", Moment()),
        sa.Column("told_at", Moment()),
    )
