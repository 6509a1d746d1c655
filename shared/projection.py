"""A projection holds what another service owns: the newest state seen, never edited here."""

from typing import Any

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
    put = db.insert(session, table).values(row)
    put = put.on_conflict_do_update(
        index_elements=[key],
        set_={name: put.excluded[name] for name in row if name != key},
        where=columns["version"] < put.excluded["version"],
    )
    return session.execute(put.returning(columns[key])).first() is not None
