"""Messages between the office and the proposer of a case."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.cases import audit
from services.review.cases.audit import AuditEntry
from services.review.lifecycle import transitions
from services.review.lifecycle.publication import publish
from services.review.lifecycle.transitions import CaseAction
from services.review.models import Case, Post, Staff
from services.review.models.states import CaseEvent, CaseState
from services.review.notifications import case_mail
from shared import posts
from shared.events import NotYet, PostSide
from shared.profile import versions
from shared.tables import now


def add(session: Session, case: Case, *, author: str, text: str) -> Post:
    """Add a message of the office to the conversation; intake shows it to the proposer."""
    message = posts.add_post(
        session, proposal_id=case.proposal_id, side=PostSide.OFFICE, author=author, text=text
    )
    post = Post(**message._asdict())
    session.add(post)
    return post


def send(session: Session, case: Case, *, by: Staff, text: str) -> None:
    """Send a message to the proposer; it counts as the first reply."""
    transitions.apply(session, case, CaseAction.SEND_MESSAGE, by=by)
    add(session, case, author=by.name, text=text)
    case.first_reply_at = case.first_reply_at or now()
    publish(session, case)


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


def messages_of(session: Session, case: Case) -> list[Post]:
    """The conversation, oldest first."""
    query = select(Post).where(Post.proposal_id == case.proposal_id)
    return list(session.scalars(query.order_by(Post.said_at, Post.id)))
