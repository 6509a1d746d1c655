"""What a browser may see. Its cookie holds a random key; the rows say what the key opens."""

import hashlib
import secrets
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from services.intake.models import BrowserGrant, Draft, Proposal
from services.intake.models.states import AccessKind, ProposalState
from shared import db
from shared.tables import now

DRAFT_GRANT = timedelta(days=60)  # in the browser in which it was begun
LINK_GRANT = timedelta(hours=12)


def new_key() -> str:
    """A random key for the cookie of a browser."""
    return secrets.token_urlsafe(32)


def browser_hash(key: str) -> bytes:
    """The hash under which grants of this key are stored."""
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()


def grant(session: Session, browser: bytes, *, kind: str, thing_id: UUID, lasts: timedelta) -> None:
    """Let this browser see the draft or proposal; a longer grant that it has is not shortened."""
    at = now()
    row = {
        "browser": browser,
        "thing_id": thing_id,
        "kind": kind,
        "opened_at": at,
        "expires_at": at + lasts,
    }
    if db.insert_new(session, BrowserGrant, values=row):
        return
    existing = session.get_one(BrowserGrant, (browser, thing_id))
    existing.opened_at, existing.expires_at = at, max(existing.expires_at, at + lasts)


def granted_draft(
    session: Session, browser: bytes | None, *, draft_id: UUID | None = None, hold: bool = False
) -> Draft | None:
    """The draft of this id, else the one opened last, if this browser may see it.

    `hold` locks it against other requests until this transaction ends.
    """
    if browser is None:
        return None
    values: dict[str, Any] = {"browser": browser, "kind": AccessKind.DRAFT, "at": now()}
    if draft_id is not None:
        values["draft_id"] = draft_id
    return session.scalar(_draft(by_id=draft_id is not None, hold=hold), values)


def granted_proposals(session: Session, browser: bytes | None) -> list[Proposal]:
    """The proposals that this browser may see, the one opened last first."""
    if browser is None:
        return []
    values = {"browser": browser, "kind": AccessKind.PROPOSAL, "at": now()}
    return list(session.scalars(_PROPOSALS, values))


# Built once: building a statement costs more than running it.
_VALID = (
    BrowserGrant.browser == bindparam("browser"),
    BrowserGrant.kind == bindparam("kind"),
    BrowserGrant.expires_at > bindparam("at"),
)
_PROPOSALS = (
    select(Proposal)
    .join(BrowserGrant, BrowserGrant.thing_id == Proposal.id)
    .where(*_VALID, Proposal.state != ProposalState.ERASED)
    .order_by(BrowserGrant.opened_at.desc())
)


@cache
def _draft(*, by_id: bool, hold: bool) -> Select[Draft]:
    query = select(Draft).join(BrowserGrant, BrowserGrant.thing_id == Draft.id).where(*_VALID)
    if by_id:
        query = query.where(Draft.id == bindparam("draft_id"))
    if hold:
        query = query.with_for_update(of=Draft)
    return query.order_by(BrowserGrant.opened_at.desc()).limit(1)
