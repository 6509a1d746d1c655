"""People of the office sign in, take cases and decide; letters, flags and the audit of it all."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment, RowNumber

revision = "0002"
down_revision = "0001"

NOT_DUE = "9999-12-31"


def upgrade() -> None:
    _people()
    _cases()
    _done_with_cases()


def _people() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("office", sa.String(40)),
        sa.Column("password_hash", sa.Text()),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("id_hash", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False, index=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False, index=True),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("at", Moment(), nullable=False, index=True),
    )
    op.create_index("ix_sign_in_attempts_account_at", "sign_in_attempts", ["account", "at"])
    op.create_index("ix_sign_in_attempts_address_at", "sign_in_attempts", ["address", "at"])


def _cases() -> None:
    """Added in place: copying the table would, on SQLite, first delete what posts refer to.

    A case of the first release gets due date, flags and words for the search by
    `flask cases refresh`.
    """
    op.add_column("cases", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    owner = sa.ForeignKey("staff.id", name="fk_cases_owner_id_staff")
    op.add_column("cases", sa.Column("owner_id", sa.Uuid(), owner), inline_references=True)
    op.add_column("cases", sa.Column("due_on", sa.Date(), nullable=False, server_default=NOT_DUE))
    op.add_column("cases", sa.Column("outcome", sa.String(20)))
    op.add_column("cases", sa.Column("deferred_until", sa.Date()))
    op.add_column("cases", sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_cases_owner_id", "cases", ["owner_id"])
    op.create_index("ix_cases_state", "cases", ["state"])
    op.create_index("ix_cases_due_on_submitted_at_id", "cases", ["due_on", "submitted_at", "id"])


def _done_with_cases() -> None:
    op.create_table(
        "case_flags",
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("flag", sa.String(40), primary_key=True),
        sa.Column("place", sa.Integer(), nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("id", RowNumber, primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), sa.ForeignKey("staff.id")),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("from_state", sa.String(20)),
        sa.Column("to_state", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_index("ix_audit_case_id_id", "audit", ["case_id", "id"])
    op.create_table(
        "letters",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(60)),
        sa.Column("until", sa.Date()),
        sa.Column("drafted_by_id", sa.Uuid(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("drafted_at", Moment(), nullable=False),
        sa.Column("released_by_id", sa.Uuid(), sa.ForeignKey("staff.id")),
        sa.Column("released_at", Moment()),
    )
    op.create_index("ix_letters_case_id_drafted_at", "letters", ["case_id", "drafted_at"])
