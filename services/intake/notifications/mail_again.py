"""Ask once more for a mail that did not arrive, after a person allowed its mailbox again."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake.models import CaseView, Post, Proposal
from services.intake.models.states import ProposalState
from services.intake.notifications import proposer_mail
from shared import events
from shared.profile import versions


def request_again(session: Session, mail: dict[str, Any], *, view: CaseView | None) -> None:
    """Ask for the mail of this `mail.changed.v1` again, with a new link. A link that somebody asked
    for is not sent again: they ask for a new one.
    """
    proposal = session.get(Proposal, mail["proposal_id"])
    if proposal is None or proposal.state == ProposalState.ERASED or not proposal.people:
        return
    profile = versions.of(session, version=proposal.profile_version)
    again = f":again-{mail['mail_id'].hex[:8]}-{mail['version']}"
    if mail["kind"] == "receipt":
        proposer_mail.receipt(session, proposal, profile=profile, again=again)
    elif mail["kind"] == "post_from_office":
        cause = _cause(mail["cause"])
        query = select(Post).where((Post.id == cause) | (Post.departure_id == cause))
        if messages := session.scalars(query.order_by(Post.said_at, Post.id)).all():
            proposer_mail.messages_from_office(
                session, proposal, profile=profile, messages=messages, cause=str(cause), again=again
            )
    elif view is not None:
        case = events.tolerant("case.changed.v1").load(view.state)
        _about_the_case(session, proposal, kind=mail["kind"], case=case, again=again)


def _about_the_case(
    session: Session, proposal: Proposal, *, kind: str, case: dict[str, Any], again: str
) -> None:
    profile = versions.of(session, version=proposal.profile_version)
    if kind == "decision" and case["letter"]:
        proposer_mail.decision(session, proposal, profile=profile, case=case, again=again)
    elif kind == "looked_after":
        proposer_mail.owner_assigned(session, proposal, profile=profile, case=case, again=again)


def _cause(cause: str) -> UUID:
    """The id of the departure or message that a mail announces: after kind and proposal."""
    return UUID(cause.split(":")[2])
