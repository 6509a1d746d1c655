"""A projection is the newest state seen of what another service owns; it is never edited here."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, inspect, select, true
from sqlalchemy.orm import DeclarativeBase, Session

from shared import db

ANYWAY = true()


def upsert(
    session: Session,
    table: type[DeclarativeBase],
    *,
    key: str,
    values: dict[str, Any],
    only: ColumnElement[bool] = ANYWAY,
) -> bool:
    """Save these values if their `version` is newer than that of the row under `key`.

    `only` is a further condition, built once, which refers to the values by `bound_value`. Values
    without a column are left out: a newer publisher may send more fields than we store. Returns
    False if nothing was saved, because the state is old or a repeat.
    """
    columns = table.__table__.columns
    row = {name: value for name, value in values.items() if name in columns}
    statement = _upsert_statement(session.get_bind().dialect.name, table, key, tuple(row), only)
    parameters = {_parameter(name): value for name, value in row.items()}
    return session.execute(statement, parameters).first() is not None


def bound_value(name: str) -> Any:
    """The value of this column, for use in a condition."""
    return bindparam(_parameter(name))


def _parameter(name: str) -> str:
    return f"new_{name}"  # SQLAlchemy reserves the column name itself for VALUES


@cache
def _upsert_statement(
    dialect: str,
    table: type[DeclarativeBase],
    key: str,
    names: tuple[str, ...],
    only: ColumnElement[bool],
) -> Any:
    """The statement for rows with these columns, built and compiled once."""
    columns = inspect(table).local_table.c
    row = select(*(bindparam(_parameter(name), type_=columns[name].type) for name in names))
    insert = db.insert_in(dialect, inspect(table).local_table).from_select(names, row.where(only))
    return insert.on_conflict_do_update(
        index_elements=[key],
        set_={name: insert.excluded[name] for name in names if name != key},
        where=columns.version < insert.excluded.version,
    ).returning(columns[key])
