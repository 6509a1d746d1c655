"""A post is one message in the conversation of a case: written in one service, shown in both.

Posts that arrive within some minutes share one mail, which is sent when the minutes are over. A
person who writes three lines in a row should not fill a mailbox, and the page shows all of them.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared import db, outbox
from shared.restore import restores
from shared.tables import now


class NewPost(NamedTuple):
    """A post as it was written; the same in both services."""

    id: UUID
    proposal_id: UUID
    side: str  # proposer, office
    author: str
    text: str
    said_at: datetime


class ReceivedPost(NamedTuple):
    """`is_new` is False for a repeat. `mail_at` is when its mail is to be sent; None where no mail
    has to be requested, because it is a repeat or a mail is waiting already.
    """

    is_new: bool
    mail_at: datetime | None


def batching_window(config: Mapping[str, Any]) -> timedelta:
    """How long the mail about a post waits for more posts."""
    return timedelta(seconds=float(config["POSTS_TOGETHER"]))


def add_post(  # noqa: PLR0913 - who wrote what to whom, and what left with it
    session: Session,
    *,
    proposal_id: UUID,
    side: str,
    author: str,
    text: str,
    departure_id: UUID | None = None,
) -> NewPost:
    """Announce a post to the other service; the caller stores it in the same transaction."""
    post = NewPost(uuid4(), proposal_id, side, author, text, now())
    announce(session, post, departure_id=departure_id)
    return post


def announce(session: Session, post: Any, *, departure_id: UUID | None = None) -> None:
    """Announce this post, new or known, to the other service."""
    names = ("proposal_id", "side", "author", "text", "said_at")
    data = {name: getattr(post, name) for name in names}
    data |= {"post_id": post.id, "version": 1, "departure_id": departure_id}
    outbox.add(session, "post.added.v1", data, at=post.said_at)


def store(session: Session, table: Any, data: dict[str, Any], **columns: Any) -> bool:
    """Store the post of a `post.added.v1`; return whether it is new."""
    row = {name: data[name] for name in ("proposal_id", "side", "author", "text", "said_at")}
    is_new = db.insert_new(session, table, values=row | {"id": data["post_id"]} | columns)
    if is_new:
        restores.note_return(session, "messages", data["post_id"], at=data["said_at"])
    return is_new


def receive(
    session: Session, table: Any, data: dict[str, Any], *, side: str, window: timedelta
) -> ReceivedPost:
    """Store the post of a `post.added.v1` from this side, with `told_at`: when its mail is sent.

    The moment counts from the arrival and not from the writing, so that a post that was long on its
    way is not left to a mail that was sent. The caller has locked the proposal or case.
    """
    at = now()
    waiting_mail = select(func.max(table.told_at)).where(
        table.proposal_id == data["proposal_id"], table.side == side, table.told_at > at
    )
    waiting: datetime | None = session.scalar(waiting_mail)
    mail_at = waiting or at + window
    from_other = data["side"] == side  # not so for a post of our own that the other side gives back
    is_new = store(session, table, data, told_at=mail_at if from_other else None)
    needs_mail = is_new and waiting is None and from_other
    return ReceivedPost(is_new, mail_at if needs_mail else None)
