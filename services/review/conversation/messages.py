"""Messages between the office and the proposer of a case."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.cases import audit
from services.review.cases.audit import AuditEntry
from services.review.lifecycle import outgoing, transitions
from services.review.lifecycle.actions import CaseAction
from services.review.lifecycle.outgoing import AT_ONCE
from services.review.models import Case, Outgoing, Post, Staff
from services.review.models.states import CaseEvent, CaseState, OutgoingKind
from services.review.notifications import case_mail
from shared import posts
from shared.events import NotYet, PostSide
from shared.profile import versions
from shared.tables import now

JUST_NOW = timedelta(minutes=30)


class AlreadySent(Exception):
    """The same message was sent just now; the message is shown."""


def send(
    session: Session, case: Case, *, by: Staff, text: str, delay: timedelta = AT_ONCE
) -> Outgoing:
    """Send a message to the proposer. When it leaves, it counts as the first reply.

    Raises AlreadySent for the words of a message that was sent just now.
    """
    if _was_sent(session, case, by=by, text=text):
        raise AlreadySent("You already sent this message.")
    transitions.apply(session, case, CaseAction.SEND_MESSAGE, by=by)
    return outgoing.add(session, case, OutgoingKind.MESSAGE, by=by, delay=delay, text=text)


def add(session: Session, case: Case, *, author: str, text: str, departure_id: UUID) -> Post:
    """Add a message that leaves to the conversation; intake shows it to the proposer."""
    message = posts.add_post(
        session,
        proposal_id=case.proposal_id,
        side=PostSide.OFFICE,
        author=author,
        text=text,
        departure_id=departure_id,
    )
    post = Post(**message._asdict())
    session.add(post)
    return post


def receive(session: Session, data: dict[str, Any], *, window: timedelta) -> None:
    """Handler of `post.added.v1`. Raises NotYet for an unknown case, which may still arrive."""
    query = select(Case).where(Case.proposal_id == data["proposal_id"]).with_for_update(of=Case)
    case = session.scalar(query)
    if case is None:
        raise NotYet(f"case of proposal {data['proposal_id']}")
    if case.state == CaseState.ERASED:
        return
    post = posts.receive(session, Post, data, side=PostSide.PROPOSER, window=window)
    if not post.is_new or data["side"] == PostSide.OFFICE:  # one of ours that intake gave back
        return
    audit.record(session, case, AuditEntry(CaseEvent.MESSAGE_RECEIVED), was=case.state)
    if post.mail_at:
        profile = versions.of(session, version=case.profile_version)
        message = {name: data[name] for name in ("post_id", "author", "text")}
        case_mail.message_received(
            session, case, profile=profile, **message, not_before=post.mail_at
        )


def _was_sent(session: Session, case: Case, *, by: Staff, text: str) -> bool:
    """Whether this person sent the same words just now, as after the browser's Back button."""
    waits = (Outgoing.case_id == case.id) & (Outgoing.staff_id == by.id) & (Outgoing.text == text)
    if session.scalar(select(Outgoing.id).where(waits).limit(1)):
        return True
    said = select(Post.id).where(
        Post.proposal_id == case.proposal_id,
        Post.said_at > now() - JUST_NOW,
        Post.author == by.name,
        Post.text == text,
    )
    return session.scalar(said.limit(1)) is not None


def messages_of(session: Session, case: Case) -> list[Post]:
    """The conversation, oldest first."""
    query = select(Post).where(Post.proposal_id == case.proposal_id)
    return list(session.scalars(query.order_by(Post.said_at, Post.id)))
