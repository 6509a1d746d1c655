"""The table of mails without its mapping, which costs half, and conditions that fit its indexes."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, inspect, select
from sqlalchemy.orm import Session

from services.notify.models import Mail
from services.notify.models.states import MailState
from shared import logs

MAILS: Any = inspect(Mail).local_table
BATCH = 200  # mails that one transaction locks
WAITING = (MailState.QUEUED, MailState.DEFERRED)
# In the order of the index.
UNDER_WAY = (MailState.QUEUED, MailState.SENDING, MailState.DEFERRED, MailState.UNCONFIRMED)


def in_states(*states: MailState) -> ColumnElement[bool]:
    """In one of these states, written out as in the partial indexes: a database uses such an index
    only for the same words.
    """
    condition: ColumnElement[bool] = MAILS.c.state.in_(
        bindparam(None, states, expanding=True, literal_execute=True)
    )
    return condition


def unsettled(state: MailState) -> ColumnElement[bool]:
    """In this one of the two states in which a mail may or may not have been accepted. The index
    covers both, and SQLite does not infer that one state is one of the two.
    """
    return and_(in_states(MailState.SENDING, MailState.UNCONFIRMED), MAILS.c.state == state)


def is_final() -> ColumnElement[bool]:
    """In a state that needs no more work."""
    return ~in_states(*UNDER_WAY)


def is_due(at: Any) -> ColumnElement[bool]:
    """Mails that may be offered now."""
    return and_(in_states(*WAITING), MAILS.c.next_attempt_at <= at, MAILS.c.expires_at > at)


def locked(session: Session, *conditions: ColumnElement[bool]) -> Iterator[Mail]:
    """A batch of mails with these conditions that no other sender has locked, each with its trace
    bound to the log.
    """
    query = select(Mail).where(*conditions).limit(BATCH).with_for_update(skip_locked=True)
    for mail in session.scalars(query).all():
        with logs.bound(mail.traceparent, mail_id=str(mail.id)):
            yield mail
