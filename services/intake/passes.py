"""What a browser may see: its cookie holds a random key, and here stands what the key opens."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
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


def draft(
    session: Session, browser: bytes | None, *, draft_id: UUID | None = None, hold: bool = False
) -> Draft | None:
    """The draft of this id, else the one opened last, if this browser may see it.

    `hold`: against other requests, until this transaction ends.
    """
    if browser is None:
        return None
    found = select(Draft).join(Pass, Pass.thing_id == Draft.id).where(*_open(browser, "draft"))
    if draft_id is not None:
        found = found.where(Draft.id == draft_id)
    if hold:
        found = found.with_for_update(of=Draft)
    return session.scalar(found.order_by(Pass.opened_at.desc()).limit(1))


def proposals(session: Session, browser: bytes | None) -> list[Proposal]:
    """The proposals that this browser may see, the one opened last first."""
    if browser is None:
        return []
    found = select(Proposal).join(Pass, Pass.thing_id == Proposal.id)
    found = found.where(*_open(browser, "proposal"), Proposal.state != "erased")
    return list(session.scalars(found.order_by(Pass.opened_at.desc())))


def _open(browser: bytes, kind: str) -> tuple[ColumnElement[bool], ...]:
    return Pass.browser == browser, Pass.kind == kind, Pass.expires_at > now()
