"""The secret of a mailed link: 256 random bits, kept only as their hash.

It is not used up by opening it: mail scanners open links too, and whoever comes back to her mail
next week must get in. It ends by its date, or when what it opens is erased.
"""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.intake.models import Token
from shared.tables import now

STATUS_FOR = timedelta(days=30)  # in the receipt
SIGN_IN_FOR = timedelta(minutes=60)  # asked for just now
LONGEST = 100  # characters; ours have 43


def issue(session: Session, *, kind: str, thing_id: UUID, person_id: UUID, lasts: timedelta) -> str:
    """A new token for a draft or proposal; this is the only time that it can be read."""
    token = secrets.token_urlsafe(32)
    row = Token(
        sha256=_hash(token),
        kind=kind,
        thing_id=thing_id,
        person_id=person_id,
        expires_at=now() + lasts,
    )
    session.add(row)
    return token


def find(session: Session, *, token: str) -> Token | None:
    """What a token opens; None for one that is unknown or over, and nobody learns which.

    Mail programs sometimes take the point after an address for a part of it.
    """
    if len(token) > LONGEST:
        return None
    row = session.get(Token, _hash(token.rstrip(".,;:)>]")))
    return row if row is not None and row.expires_at > now() else None


def revoke(session: Session, *, thing_id: UUID) -> None:
    """From now on no link opens this draft or proposal."""
    session.execute(delete(Token).where(Token.thing_id == thing_id))


def of_person(session: Session, *, person_id: UUID) -> list[Token]:
    """Every link that was mailed to her."""
    return list(session.scalars(select(Token).where(Token.person_id == person_id)))


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
