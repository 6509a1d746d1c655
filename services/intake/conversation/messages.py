"""The messages about a proposal, on the side of the proposer."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake.models import Post, Proposal
from services.intake.models.states import ProposalState
from services.intake.notifications import proposer_mail
from shared import posts
from shared.events import NotYet, PostSide
from shared.profile import versions
from shared.tables import now

JUST_NOW = timedelta(minutes=30)


def send(session: Session, proposal: Proposal, *, text: str) -> None:
    """Send a message of the proposer, once: the same words again are taken for a second click."""
    said = select(Post.id).where(
        Post.proposal_id == proposal.id,
        Post.side == PostSide.PROPOSER,
        Post.said_at > now() - JUST_NOW,
        Post.text == text,
    )
    if session.scalar(said.limit(1)) is None:
        add(session, proposal, text=text)


def add(session: Session, proposal: Proposal, *, text: str) -> Post:
    """Store a message of the proposer and announce it to review."""
    author = proposal.people[0].name
    new_post = posts.add_post(
        session, proposal_id=proposal.id, side=PostSide.PROPOSER, author=author, text=text
    )
    post = Post(**new_post._asdict())
    session.add(post)
    return post


def receive(session: Session, data: dict[str, Any]) -> None:
    """Handler of `post.added.v1`. Raises NotYet for an unknown proposal.

    The mail about a message is that of its departure. One that names no departure comes from an
    older review and has a mail of its own.
    """
    proposal = session.get(Proposal, data["proposal_id"], with_for_update=True)
    if proposal is None:
        raise NotYet(f"proposal {data['proposal_id']}")
    if proposal.state == ProposalState.ERASED:
        return
    departure_id = data.get("departure_id")
    is_new = posts.store(session, Post, data, departure_id=departure_id)
    from_office = data["side"] == PostSide.OFFICE
    if is_new and from_office and departure_id is None and proposal.people:
        profile = versions.of(session, version=proposal.profile_version)
        post = session.get_one(Post, data["post_id"])
        proposer_mail.messages_from_office(
            session, proposal, profile=profile, messages=[post], cause=str(post.id)
        )
