"""A projection holds what another service owns: the newest state seen, never edited here."""

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
    """Keep these values if their `version` is newer than what stands under `key`, and `only` where
    this holds: a condition that is made once, over what is `given`.

    Values that the table has no column for are left out: a newer sender may say more than we keep.
    Returns False where nothing was kept: an old or repeated state is no news, and no error.
    """
    columns = table.__table__.columns
    row = {name: value for name, value in values.items() if name in columns}
    put = _put(session.get_bind().dialect.name, table, key, tuple(row), only)
    told = {_parameter(name): value for name, value in row.items()}
    return session.execute(put, told).first() is not None


def bound_value(name: str) -> Any:
    """The value of this name, for a condition."""
    return bindparam(_parameter(name))


def _parameter(name: str) -> str:
    return f"given_{name}"  # a column's own name would stand for its value in VALUES


@cache
def _put(
    dialect: str,
    table: type[DeclarativeBase],
    key: str,
    names: tuple[str, ...],
    only: ColumnElement[bool],
) -> Any:
    """The statement for rows of this shape: made once, compiled once."""
    rows = inspect(table).local_table
    told = select(*(bindparam(_parameter(name), type_=rows.c[name].type) for name in names))
    put = db.insert_in(dialect, rows).from_select(names, told.where(only))
    return put.on_conflict_do_update(
        index_elements=[key],
        set_={name: put.excluded[name] for name in names if name != key},
        where=rows.c.version < put.excluded.version,
    ).returning(rows.c[key])
