"""The conversation about a proposal, as the proposer's side holds it."""

from typing import Any

from sqlalchemy.orm import Session

from services.intake.models import Post, Proposal
from services.intake.notifications import proposer_mail
from shared import db, posts
from shared.events import NotYet
from shared.profile import versions


def add(session: Session, proposal: Proposal, *, text: str) -> Post:
    """The proposer says something; the office hears it."""
    author = proposal.people[0].name
    said = posts.add_post(
        session, proposal_id=proposal.id, side="proposer", author=author, text=text
    )
    post = Post(**said._asdict())
    session.add(post)
    return post


def receive(session: Session, data: dict[str, Any]) -> None:
    """Handler of `post.added.v1`. Raises NotYet for a proposal that is not here."""
    proposal = session.get(Proposal, data["proposal_id"], with_for_update=True)
    if proposal is None:
        raise NotYet(f"proposal {data['proposal_id']}")
    if proposal.state == "erased":
        return
    row = {name: data[name] for name in ("proposal_id", "side", "author", "text", "said_at")}
    told = posts.mail_time(session, Post, proposal_id=proposal.id, side="office")
    row |= {"id": data["post_id"], "told_at": told.at}
    fresh = db.insert_new(session, Post, values=row)
    if fresh and told.is_new and data["side"] == "office" and proposal.people:
        profile = versions.of(session, version=proposal.profile_version)
        said = {"post_id": data["post_id"], "author": data["author"]}
        proposer_mail.message_from_office(
            session, proposal, profile=profile, **said, not_before=told.at
        )
