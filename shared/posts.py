"""One utterance in the conversation of a case, said on one side and heard on the other.

What is heard within some minutes is told in one mail, which goes when they are over: somebody who
writes three lines in a row should not fill a mailbox, and the page shows all of them by then.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared import outbox
from shared.tables import now


class NewPost(NamedTuple):
    """A post as it was said; the same in both services."""

    id: UUID
    proposal_id: UUID
    side: str  # proposer, office
    author: str
    text: str
    said_at: datetime


def add_post(session: Session, *, proposal_id: UUID, side: str, author: str, text: str) -> NewPost:
    """Tell the other side; the caller stores it on its own side in the same transaction."""
    said = NewPost(uuid4(), proposal_id, side, author, text, now())
    data = {**said._asdict(), "post_id": said.id, "version": 1}
    del data["id"]
    outbox.add(session, "post.added.v1", data)
    return said


class MailTime(NamedTuple):
    """When the mail that tells of a post goes, and whether it still has to be asked for."""

    at: datetime
    is_new: bool


def mail_time(session: Session, table: Any, *, proposal_id: UUID, side: str) -> MailTime:
    """Which mail tells of a post that is heard now: one that waits already, else a new one.

    It goes by when posts are heard and not by when they were said, so that one that was long on its
    way is not left to a mail that has gone. The caller holds the proposal against others, and keeps
    the moment as `told_at` of the post.
    """
    at = now()
    waits = select(func.max(table.told_at)).where(
        table.proposal_id == proposal_id, table.side == side, table.told_at > at
    )
    goes_at: datetime | None = session.scalar(waits)
    together = timedelta(seconds=float(current_app.config["POSTS_TOGETHER"]))
    return MailTime(goes_at or at + together, is_new=goes_at is None)
