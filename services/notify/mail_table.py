"""The table of mails past its mapping, at half the price, and the words of its small indexes."""

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, inspect

from services.notify.models import Mail

MAILS: Any = inspect(Mail).local_table
WAITING = ("queued", "deferred")
UNDER_WAY = ("queued", "sending", "deferred", "in_doubt")  # in the order of the index


def in_states(*states: str) -> ColumnElement[bool]:
    """In one of these states, written out as in the indexes of few rows: a database takes such an
    index only for the same words.
    """
    found: ColumnElement[bool] = MAILS.c.state.in_(
        bindparam(None, states, expanding=True, literal_execute=True)
    )
    return found


def unsettled(state: str) -> ColumnElement[bool]:
    """In this of the two states in which a mail may have gone or not. Their index has both, and
    SQLite does not see by itself that one of two is one of the two.
    """
    return and_(in_states("sending", "in_doubt"), MAILS.c.state == state)


def is_final() -> ColumnElement[bool]:
    """Nothing more is to come, whatever became of the mail."""
    return ~in_states(*UNDER_WAY)


def is_due(at: Any) -> ColumnElement[bool]:
    """Mails that may be offered now."""
    return and_(in_states(*WAITING), MAILS.c.next_attempt_at <= at, MAILS.c.expires_at > at)
