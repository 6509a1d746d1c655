"""A mail in doubt is settled by whoever finds out: it arrived, or it goes out again.

notify owns the mail; it is told the answer and tells everybody what became of it.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from services.review.lifecycle import transitions
from services.review.lifecycle.transitions import NotPossible
from services.review.models import Case, MailStatus, Staff
from services.review.models.states import CaseAction, MailAnswer, MailState
from shared import outbox
from shared.mails.entry import OnDoubt
from shared.mails.kinds import KINDS
from shared.mails.reasons import Group
from shared.tables import now

ANSWERS = {
    MailAnswer.ARRIVED: "says that it arrived",
    MailAnswer.SEND_AGAIN: "had it sent again",
}


class Resolution(NamedTuple):
    """What somebody found out about the mail as it was shown to her."""

    mail_id: UUID | None
    version: int
    answer: MailAnswer


def needs_person(fate: MailStatus) -> bool:
    """Whether only a person can say what became of this mail."""
    kind = KINDS.get(fate.kind)
    return (
        fate.state == MailState.UNCONFIRMED and kind is not None and kind.on_doubt != OnDoubt.RESEND
    )


def is_to_proposer(fate: MailStatus) -> bool:
    """Whether it went to somebody outside the office."""
    kind = KINDS.get(fate.kind)
    return kind is not None and kind.group == Group.TRANSACTIONAL


def resolve(session: Session, case: Case, *, by: Staff, found: Resolution) -> None:
    """Tell notify what this person found out. Raises NotPossible for a mail that does not wait."""
    fate = session.get(MailStatus, found.mail_id) if found.mail_id else None
    known = fate is not None and fate.proposal_id == case.proposal_id
    if fate is None or not known or not needs_person(fate) or fate.version != found.version:
        raise NotPossible("This mail is not in doubt any more. Open the case again.")
    transitions.apply(session, case, CaseAction.RESOLVE_MAIL, by=by, reason=ANSWERS[found.answer])
    data = {
        **found._asdict(),
        "proposal_id": case.proposal_id,
        "reason": f"{by.name} {ANSWERS[found.answer]}.",
        "settled_at": now(),
    }
    outbox.add(session, "mail.settled.v1", data)
