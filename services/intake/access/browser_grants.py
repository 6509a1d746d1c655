"""What a browser may see. Its cookie holds a random key; the rows say what the key opens."""

import hashlib
import secrets
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    LargeBinary,
    Select,
    String,
    Uuid,
    bindparam,
    case,
    insert,
    inspect,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from services.intake.models import BrowserGrant, Draft, Proposal
from services.intake.models.states import AccessKind, ProposalState
from shared.tables import Moment, now

DRAFT_GRANT = timedelta(days=60)  # in the browser in which it was begun
LINK_GRANT = timedelta(hours=12)


def new_key() -> str:
    """A random key for the cookie of a browser."""
    return secrets.token_urlsafe(32)


def browser_hash(key: str) -> bytes:
    """The hash under which grants of this key are stored."""
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()


def grant(
    session: Session, browser: bytes | None, *, kind: str, thing_id: UUID, lasts: timedelta
) -> str:
    """Let a browser see the draft or proposal, under a new key; returns the key for its cookie.

    Somebody may have planted the old key in this browser, so it opens nothing more than before. It
    stays good for that, in case the answer with the new key gets lost. The new key opens the same,
    and a longer grant of the old key is not shortened.
    """
    key, at = new_key(), now()
    values = {
        "new": browser_hash(key),
        "old": browser or b"",
        "thing": thing_id,
        "kind_of_it": kind,
        "at": at,
        "until": at + lasts,
    }
    session.execute(_GRANTING, values)
    return key


def granted_draft(
    session: Session, browser: bytes | None, *, hold: bool = False, **which: Any
) -> Draft | None:
    """The draft with this `id` or `reference`, else the one opened last; None if this browser may
    not see it.

    `hold` locks it against other requests until this transaction ends.
    """
    if browser is None:
        return None
    values: dict[str, Any] = {"browser": browser, "kind": AccessKind.DRAFT, "at": now()}
    return session.scalar(_draft(*which, hold=hold), values | which)


def granted_proposals(session: Session, browser: bytes | None) -> list[Proposal]:
    """The proposals that this browser may see, the one opened last first."""
    if browser is None:
        return []
    values = {"browser": browser, "kind": AccessKind.PROPOSAL, "at": now()}
    return list(session.scalars(_PROPOSALS, values))


# Built once: building a statement costs more than running it.
_GRANTS: Any = inspect(BrowserGrant).local_table
_NEW = bindparam("new", type_=LargeBinary)
_THING = bindparam("thing", type_=Uuid)
_AT, _UNTIL = bindparam("at", type_=Moment), bindparam("until", type_=Moment)
_OF_OLD = _GRANTS.c.browser == bindparam("old", type_=LargeBinary)
_EARLIER = select(_GRANTS.c.expires_at).where(_OF_OLD, _GRANTS.c.thing_id == _THING)
_LONGER = case(
    (_EARLIER.scalar_subquery() > _UNTIL, _EARLIER.scalar_subquery()), else_=_UNTIL
)  # fmt: skip
_GRANTING = insert(_GRANTS).from_select(
    ["browser", "thing_id", "kind", "opened_at", "expires_at"],
    union_all(
        select(_NEW, _THING, bindparam("kind_of_it", type_=String), _AT, _LONGER),
        select(
            _NEW,
            _GRANTS.c.thing_id,
            _GRANTS.c.kind,
            _GRANTS.c.opened_at,
            _GRANTS.c.expires_at,
        ).where(_OF_OLD, _GRANTS.c.thing_id != _THING, _GRANTS.c.expires_at > _AT),
    ),
)
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
def _draft(*names: str, hold: bool) -> Select[Draft]:
    query = select(Draft).join(BrowserGrant, BrowserGrant.thing_id == Draft.id).where(*_VALID)
    for name in names:
        query = query.where(getattr(Draft, name) == bindparam(name))
    if hold:
        query = query.with_for_update(of=Draft)
    return query.order_by(BrowserGrant.opened_at.desc()).limit(1)
