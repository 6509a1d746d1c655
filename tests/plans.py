"""What PostgreSQL does for the statements of a session."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session


@contextmanager
def looked_into(session: Session) -> Iterator[list[str]]:
    """What PostgreSQL did for each question of this session, and would do for each change."""
    plans: list[str] = []

    def explain(connection: Any, _: Any, statement: str, parameters: Any, *__: Any) -> None:
        how = {"SELECT": "EXPLAIN ANALYZE", "UPDATE": "EXPLAIN"}.get(statement[:6])
        if how:
            plan = connection.exec_driver_sql(f"{how} {statement}", parameters)
            plans.append("\n".join(plan.scalars()))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(connection, "before_cursor_execute", explain)
