"""What a browser may see: its cookie holds a random key, and here stands what the key opens."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from services.intake.models import Draft, Pass, Proposal
from shared import db
from shared.tables import now

OWN_DRAFT = timedelta(days=60)  # in the browser in which it was begun
BY_LINK = timedelta(hours=12)


def new_key() -> str:
    """For the cookie of a browser."""
    return secrets.token_urlsafe(32)


def browser_of(key: str) -> bytes:
    """What is kept of the key."""
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()


def open_for(
    session: Session, browser: bytes, *, kind: str, thing_id: UUID, lasts: timedelta
) -> None:
    """This browser may see the draft or proposal; a longer pass that it has is not cut short."""
    at = now()
    row = {
        "browser": browser,
        "thing_id": thing_id,
        "kind": kind,
        "opened_at": at,
        "expires_at": at + lasts,
    }
    if db.insert_new(session, Pass, values=row):
        return
    found = session.get_one(Pass, (browser, thing_id))
    found.opened_at, found.expires_at = at, max(found.expires_at, at + lasts)


def draft(session: Session, browser: bytes | None, *, draft_id: UUID | None = None) -> Draft | None:
    """The draft of this id, else the one opened last, if this browser may see it."""
    open_now = _open(browser, "draft")
    if draft_id is not None:
        open_now = open_now.where(Pass.thing_id == draft_id)
    found = session.scalar(open_now.order_by(Pass.opened_at.desc()).limit(1))
    return session.get(Draft, found) if found else None


def proposals(session: Session, browser: bytes | None) -> list[Proposal]:
    """The proposals that this browser may see, the one opened last first."""
    found = session.scalars(_open(browser, "proposal").order_by(Pass.opened_at.desc())).all()
    kept = [session.get(Proposal, proposal_id) for proposal_id in found]
    return [one for one in kept if one is not None and one.state != "erased"]


def _open(browser: bytes | None, kind: str) -> Select[UUID]:
    return select(Pass.thing_id).where(
        Pass.browser == (browser or b""), Pass.kind == kind, Pass.expires_at > now()
    )
