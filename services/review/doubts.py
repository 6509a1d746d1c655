"""A mail in doubt is settled by whoever finds out: it arrived, or it goes out again.

notify owns the mail; it is told the answer and tells everybody what became of it.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from services.review import lifecycle
from services.review.lifecycle import NotPossible
from services.review.models import Case, MailFate, Staff
from shared import mails, outbox
from shared.tables import now

SAID = {"arrived": "says that it arrived", "again": "had it sent again"}


class Found(NamedTuple):
    """What somebody found out about the mail as it was shown to her."""

    mail_id: UUID | None
    version: int
    answer: str  # arrived, again


def waits(fate: MailFate) -> bool:
    """Whether only a person can say what became of this mail."""
    kind = mails.KINDS.get(fate.kind)
    return fate.state == "in_doubt" and kind is not None and kind.on_doubt != "resend"


def to_proposer(fate: MailFate) -> bool:
    """Whether it went to somebody outside the office."""
    kind = mails.KINDS.get(fate.kind)
    return kind is not None and kind.group == "transactional"


def settle(session: Session, case: Case, *, by: Staff, found: Found) -> None:
    """Tell notify what this person found out. Raises NotPossible for a mail that does not wait."""
    fate = session.get(MailFate, found.mail_id) if found.mail_id else None
    known = fate is not None and fate.proposal_id == case.proposal_id
    if fate is None or not known or not waits(fate) or fate.version != found.version:
        raise NotPossible("This mail is not in doubt any more. Open the case again.")
    lifecycle.act(session, case, "settle", by=by, reason=SAID[found.answer])
    data = {
        **found._asdict(),
        "proposal_id": case.proposal_id,
        "reason": f"{by.name} {SAID[found.answer]}.",
        "settled_at": now(),
    }
    outbox.add(session, "mail.settled.v1", data)
