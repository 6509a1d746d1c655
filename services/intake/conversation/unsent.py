"""What a proposer has typed into the answer box and not sent yet; the office never sees it."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.intake.models import Proposal, UnsentMessage
from shared.tables import now

KEPT_FOR = timedelta(days=60)


def keep(session: Session, proposal: Proposal, *, text: str) -> None:
    """Keep this text in place of what was kept; delete what is very old."""
    session.execute(delete(UnsentMessage).where(UnsentMessage.changed_at < now() - KEPT_FOR))
    if text.strip():
        session.merge(UnsentMessage(proposal_id=proposal.id, text=text, changed_at=now()))
    else:
        forget(session, proposal)


def text_of(session: Session, proposal: Proposal) -> str:
    """What was typed and not sent; "" for nothing."""
    row = session.get(UnsentMessage, proposal.id)
    return row.text if row else ""


def forget(session: Session, proposal: Proposal) -> None:
    """Delete what was typed: it was sent, or erased."""
    session.execute(delete(UnsentMessage).where(UnsentMessage.proposal_id == proposal.id))
