"""The messages about a proposal, on the side of the proposer."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from services.intake.models import Post, Proposal
from services.intake.models.states import ProposalState
from services.intake.notifications import proposer_mail
from shared import posts
from shared.events import NotYet, PostSide
from shared.profile import versions


def add(session: Session, proposal: Proposal, *, text: str) -> Post:
    """Store a message of the proposer and announce it to review."""
    author = proposal.people[0].name
    new_post = posts.add_post(
        session, proposal_id=proposal.id, side=PostSide.PROPOSER, author=author, text=text
    )
    post = Post(**new_post._asdict())
    session.add(post)
    return post


def receive(session: Session, data: dict[str, Any], *, window: timedelta) -> None:
    """Handler of `post.added.v1`. Raises NotYet for an unknown proposal."""
    proposal = session.get(Proposal, data["proposal_id"], with_for_update=True)
    if proposal is None:
        raise NotYet(f"proposal {data['proposal_id']}")
    if proposal.state == ProposalState.ERASED:
        return
    post = posts.receive(session, Post, data, side=PostSide.OFFICE, window=window)
    if post.mail_at and proposal.people:
        profile = versions.of(session, version=proposal.profile_version)
        message = {name: data[name] for name in ("post_id", "author", "text")}
        proposer_mail.message_from_office(
            session, proposal, profile=profile, **message, not_before=post.mail_at
        )
