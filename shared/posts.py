"""One utterance in the conversation of a case, said on one side and heard on the other."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from shared import outbox
from shared.tables import now


class Said(NamedTuple):
    """A post as it was said; the same in both services."""

    id: UUID
    proposal_id: UUID
    side: str  # proposer, office
    author: str
    text: str
    said_at: datetime


def say(session: Session, *, proposal_id: UUID, side: str, author: str, text: str) -> Said:
    """Tell the other side; the caller stores it on its own side in the same transaction."""
    said = Said(uuid4(), proposal_id, side, author, text, now())
    data = {**said._asdict(), "post_id": said.id, "version": 1}
    del data["id"]
    outbox.add(session, "post.added.v1", data)
    return said
