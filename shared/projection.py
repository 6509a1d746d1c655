"""A projection holds what another service owns: the newest state seen, never edited here."""

from functools import cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import DeclarativeBase, Session

from shared import db


def upsert(
    session: Session, table: type[DeclarativeBase], *, key: str, values: dict[str, Any]
) -> bool:
    """Keep these values if their `version` is newer than what stands under `key`.

    Values that the table has no column for are left out: a newer sender may say more than we keep.
    Returns False where the version is not newer: an old or repeated state is no news, and no error.
    """
    columns = table.__table__.columns
    row = {name: value for name, value in values.items() if name in columns}
    put = _put(session.get_bind().dialect.name, table, key, tuple(row))
    return session.execute(put, row).first() is not None


@cache
def _put(dialect: str, table: type[DeclarativeBase], key: str, names: tuple[str, ...]) -> Any:
    """The statement for rows of this shape: made once, compiled once."""
    rows = inspect(table).local_table
    put = db.insert_in(dialect, rows)
    return put.on_conflict_do_update(
        index_elements=[key],
        set_={name: put.excluded[name] for name in names if name != key},
        where=rows.c.version < put.excluded.version,
    ).returning(rows.c[key])
