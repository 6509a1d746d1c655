"""Indexes for a long queue: one for each filter in the order of the queue, one for search."""

import sqlalchemy as sa
from alembic import op

from shared.tables import Moment

revision = "0003"
down_revision = "0002"

OPEN = sa.text("state NOT IN ('declined', 'withdrawn', 'quarantined', 'erased')")
PLACE = ["due_on", "submitted_at", "id"]
FILTERS = ("owner_id", "office", "branch")
LONG_AGO = "1970-01-01 00:00:00"
NOT_DUE = "9999-12-31"


def upgrade() -> None:
    embedded = op.get_bind().dialect.name == "sqlite"
    if not embedded:
        op.execute("SET LOCAL statement_timeout = 0")  # of many cases this takes a while
    _flags()
    op.drop_index("ix_cases_state", "cases")
    op.drop_index("ix_cases_owner_id", "cases")
    op.create_index(
        "ix_cases_state_due_on_submitted_at_id_office", "cases", ["state", *PLACE, "office"]
    )
    for by in FILTERS:
        op.create_index(f"ix_cases_{by}_due_on_submitted_at_id", "cases", [by, *PLACE])
    for filters in ([], *([by] for by in FILTERS)):
        name = "_".join(["ix_cases_open", *filters])
        op.create_index(name, "cases", [*filters, *PLACE], sqlite_where=OPEN, postgresql_where=OPEN)
    if embedded:
        _trigrams_of_sqlite()
    else:
        _trigrams_of_postgresql()


def _flags() -> None:
    """Added in place, as before: a flag knows the place of its case."""
    due, sent = sa.Date(), Moment()
    op.add_column("case_flags", sa.Column("due_on", due, nullable=False, server_default=NOT_DUE))
    op.add_column(
        "case_flags", sa.Column("submitted_at", sent, nullable=False, server_default=LONG_AGO)
    )
    for name in ("due_on", "submitted_at"):
        op.execute(
            f"UPDATE case_flags SET {name} ="  # noqa: S608
            f" (SELECT {name} FROM cases WHERE cases.id = case_flags.case_id)"
        )
    op.create_index(
        "ix_case_flags_flag_due_on_submitted_at_case_id",
        "case_flags",
        ["flag", "due_on", "submitted_at", "case_id"],
    )


def _trigrams_of_postgresql() -> None:
    """Without the extension, or the right to add it, a search reads every case instead."""
    ours = (
        "SELECT has_database_privilege(current_database(), 'CREATE') AND EXISTS"
        " (SELECT FROM pg_available_extension_versions WHERE name = 'pg_trgm' AND trusted)"
    )
    if op.get_bind().scalar(sa.text(ours)):
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        op.execute("CREATE INDEX case_search ON cases USING gin (search_text gin_trgm_ops)")


def _trigrams_of_sqlite() -> None:
    """An index of three letters in a row beside the table, kept by triggers.

    It holds no text of its own (content=''), so what leaves it is named by the old text. Rows of
    `cases` have no number that VACUUM is sure to keep; `case_search_rows` gives them one. When a
    case is erased the index is written anew: else letters of hers would stay in what it left out.
    """
    op.execute(
        "CREATE TABLE case_search_rows (id INTEGER PRIMARY KEY, case_id CHAR(32) NOT NULL UNIQUE)"
    )
    op.execute(
        "CREATE VIRTUAL TABLE case_search USING"
        " fts5(words, content='', tokenize='trigram case_sensitive 1')"
    )
    number = "(SELECT id FROM case_search_rows WHERE case_id = new.id)"
    put = f"INSERT INTO case_search (rowid, words) VALUES ({number}, new.search_text)"  # noqa: S608
    op.execute(
        "CREATE TRIGGER case_search_new AFTER INSERT ON cases BEGIN"  # noqa: S608 - words of ours
        f" INSERT INTO case_search_rows (case_id) VALUES (new.id); {put}; END"
    )
    op.execute(
        "CREATE TRIGGER case_search_changed AFTER UPDATE OF search_text ON cases"  # noqa: S608
        " WHEN old.search_text <> new.search_text BEGIN"
        " INSERT INTO case_search (case_search, rowid, words)"
        f" VALUES ('delete', {number}, old.search_text); {put}; END"
    )
    op.execute(
        "CREATE TRIGGER case_search_erased AFTER UPDATE OF search_text ON cases"
        " WHEN old.search_text <> '' AND new.search_text = '' BEGIN"
        " INSERT INTO case_search (case_search) VALUES ('optimize'); END"
    )
    op.execute("INSERT INTO case_search_rows (case_id) SELECT id FROM cases")
    op.execute(
        "INSERT INTO case_search (rowid, words) SELECT r.id, c.search_text"
        " FROM cases c JOIN case_search_rows r ON r.case_id = c.id"
    )
