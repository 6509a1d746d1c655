"""Which mails have not arrived: one rule for the alert, the flag and the page of a case."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_

from services.review.models import MailStatus
from services.review.models.states import PROBLEM_MAIL, MailState
from shared.mails.kinds import KINDS
from shared.mails.reasons import Group, Reason

# An expired link is no problem: its reader asks for a new one.
_ON_REQUEST = tuple(name for name, kind in KINDS.items() if kind.reason == Reason.LINK)
_ARRIVED = (MailState.SENT, MailState.CONFIRMED)


def is_problem(*, kind: str, state: str) -> bool:
    """Whether the mail raises the flag of its case; `problem_mail` says the same in SQL."""
    expired_link = state == MailState.EXPIRED and kind in _ON_REQUEST
    return state in PROBLEM_MAIL and not expired_link


def problem_mail() -> ColumnElement[bool]:
    """The condition for a mail that raises the flag of its case, unless it `is_made_good`."""
    not_expired_link = or_(
        MailStatus.state != MailState.EXPIRED, MailStatus.kind.not_in(_ON_REQUEST)
    )
    return MailStatus.state.in_(PROBLEM_MAIL) & not_expired_link


def missed_proposer(*, kind: str, state: str) -> bool:
    """Whether a person outside the office did not get it, so that a colleague should call."""
    return (
        _to_proposer(kind) and MailState(state).not_reached and is_problem(kind=kind, state=state)
    )


def is_banned(mail: MailStatus) -> bool:
    """Whether mail to its mailbox has ended, because its server said that it does not exist."""
    return mail.suppressed and MailState(mail.state).not_reached


def proposer_unreachable(mails: Sequence[MailStatus]) -> bool:
    """Whether the proposer gets no email: the newest outcome of a mail to them is that their
    mailbox does not exist. Links do not count: others on the proposal may have asked for them.
    """
    outcomes = [
        mail
        for mail in mails
        if _to_proposer(mail.kind) and mail.kind not in _ON_REQUEST and _has_outcome(mail)
    ]
    newest = max(outcomes, key=lambda mail: mail.changed_at, default=None)
    return newest is not None and is_banned(newest)


def is_sent_again(mail: MailStatus, mails: Sequence[MailStatus]) -> bool:
    """Whether this mail failed and was sent when a person had it sent again."""
    return MailState(mail.state).not_reached and any(
        other.state in _ARRIVED for other in _same(mail, mails)
    )


def is_under_way_again(mail: MailStatus, mails: Sequence[MailStatus]) -> bool:
    """Whether a person had it sent again and that has not failed."""
    return any(not MailState(other.state).not_reached for other in _same(mail, mails))


def is_made_good(mail: MailStatus, mails: Sequence[MailStatus]) -> bool:
    """Whether a failure needs nobody anymore: the mail was sent again, or its mailbox, which was
    said not to exist, has taken a later one.
    """
    return is_sent_again(mail, mails) or (is_banned(mail) and _later_arrived(mail, mails))


def _later_arrived(mail: MailStatus, mails: Sequence[MailStatus]) -> bool:
    return _to_proposer(mail.kind) and any(
        other.state in _ARRIVED and other.changed_at > mail.changed_at
        for other in mails
        if _to_proposer(other.kind) and other.kind not in _ON_REQUEST
    )


def _same(mail: MailStatus, mails: Sequence[MailStatus]) -> list[MailStatus]:
    """The other mails that say the same: intake marks those that it asked for again."""
    said = _without_mark(mail.cause)
    return [
        other
        for other in mails
        if other.mail_id != mail.mail_id and _without_mark(other.cause) == said
    ]


def _without_mark(cause: str) -> str:
    return cause.partition(":again-")[0]


def _to_proposer(kind: str) -> bool:
    known = KINDS.get(kind)
    return known is not None and known.group == Group.TRANSACTIONAL


def _has_outcome(mail: MailStatus) -> bool:
    return mail.state in _ARRIVED or MailState(mail.state).not_reached
