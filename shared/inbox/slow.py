"""A handler whose work is done before its transaction."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy.orm import Session


class SlowHandler(NamedTuple):
    """A handler with work that no other writer should wait for, such as rendering.

    `prepare(data)` runs before the transaction, and `store(session, data, prepared)` in it.
    """

    prepare: Callable[[dict[str, Any]], Any]
    store: Callable[[Session, dict[str, Any], Any], None]
