"""What the office let leave together becomes one mail to the proposer."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake.models import Post, Proposal
from services.intake.notifications import proposer_mail
from shared.events import NotYet
from shared.profile import Profile


def messages_of(session: Session, departure: dict[str, Any] | None) -> list[Post]:
    """The messages that left, oldest first. Raises NotYet before all of them are here."""
    if departure is None:
        return []
    of_departure = Post.departure_id == departure["departure_id"]
    found = session.scalars(select(Post).where(of_departure).order_by(Post.said_at, Post.id)).all()
    missing = set(departure["post_ids"]) - {post.id for post in found}
    if missing:
        raise NotYet(f"message {min(missing)}")
    return list(found)


def request_mail(
    session: Session,
    proposal: Proposal,
    *,
    profile: Profile,
    case: dict[str, Any],
    messages: list[Post],
) -> None:
    """Request the mail about what left with this `case.changed`, if there was anything."""
    departure = case["departure"]
    if departure["letter"]:
        proposer_mail.decision(session, proposal, profile=profile, case=case, messages=messages)
    elif messages:
        cause = str(departure["departure_id"])
        proposer_mail.messages_from_office(
            session, proposal, profile=profile, messages=messages, cause=cause
        )
