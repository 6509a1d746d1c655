"""Idempotent requests: the response to a key is stored in the transaction that it reports.

Refusals are not stored, so a corrected body may reuse its key. A request never runs twice, even if
the first response was lost.
"""

import hashlib
from typing import Any

from sqlalchemy.orm import Session

from services.intake.models import StoredResponse
from shared import db, strict_json
from shared.tables import now


class KeyReused(Exception):
    """The key was used before with another body."""


def fingerprint(body: dict[str, Any]) -> bytes:
    """A hash of the body that ignores spacing and the order of keys."""
    return hashlib.sha256(strict_json.canonical(body)).digest()


def stored_response(session: Session, *, key: str, body: dict[str, Any]) -> bytes | None:
    """The response that this key got before, or None. Raises KeyReused."""
    stored = session.get(StoredResponse, key)
    if stored is None:
        return None
    if stored.fingerprint != fingerprint(body):
        raise KeyReused
    return stored.body


def store(session: Session, *, key: str, body: dict[str, Any], answer: bytes) -> bool:
    """Store the response; False if another request with this key was first. Then the caller must
    roll back.
    """
    row = {"key": key, "fingerprint": fingerprint(body), "body": answer, "created_at": now()}
    return db.insert_new(session, StoredResponse, values=row)
