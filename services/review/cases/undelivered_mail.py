"""Which mails have not arrived: one rule for the alert, the flag and the page of a case."""

from sqlalchemy import ColumnElement, or_

from services.review.models import MailStatus
from services.review.models.states import PROBLEM_MAIL, MailState
from shared.mails.kinds import KINDS
from shared.mails.reasons import Group, Reason

# An expired link is no problem: its reader asks for a new one.
_ON_REQUEST = tuple(name for name, kind in KINDS.items() if kind.reason == Reason.LINK)


def is_problem(*, kind: str, state: str) -> bool:
    """Whether the mail raises the flag of its case; `problem_mail` says the same in SQL."""
    expired_link = state == MailState.EXPIRED and kind in _ON_REQUEST
    return state in PROBLEM_MAIL and not expired_link


def problem_mail() -> ColumnElement[bool]:
    """The condition for a mail that raises the flag of its case."""
    not_expired_link = or_(
        MailStatus.state != MailState.EXPIRED, MailStatus.kind.not_in(_ON_REQUEST)
    )
    return MailStatus.state.in_(PROBLEM_MAIL) & not_expired_link


def missed_proposer(*, kind: str, state: str) -> bool:
    """Whether a person outside the office did not get it, so that a colleague should call."""
    known = KINDS.get(kind)
    to_proposer = known is not None and known.group == Group.TRANSACTIONAL
    return to_proposer and MailState(state).not_reached and is_problem(kind=kind, state=state)
