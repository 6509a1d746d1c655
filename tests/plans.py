"""The query plans of the statements of a session."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

# SQLite prints plans like "SEARCH mails USING INDEX …", and no more with ANALYZE.
HOW = {
    "postgresql": {"SELECT": "EXPLAIN ANALYZE", "UPDATE": "EXPLAIN"},
    "sqlite": {"SELECT": "EXPLAIN QUERY PLAN", "UPDATE": "EXPLAIN QUERY PLAN"},
}


@contextmanager
def explained_queries(session: Session) -> Iterator[list[str]]:
    """The plan of each query of this session, and of each change."""
    plans: list[str] = []

    def explain(connection: Any, _: Any, statement: str, parameters: Any, *__: Any) -> None:
        how = HOW[connection.dialect.name].get(statement[:6])
        if how:
            plan = connection.exec_driver_sql(f"{how} {statement}", parameters)
            plans.append("\n".join(str(line[-1]) for line in plan))

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(connection, "before_cursor_execute", explain)
