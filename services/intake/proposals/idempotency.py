"""Sending is idempotent: the answer to a key is kept in the transaction that it answers for.

Refusals are not kept, so a corrected body may use its key again. Nothing runs twice, also when the
first answer was lost on its way.
"""

import hashlib
from typing import Any

from sqlalchemy.orm import Session

from services.intake.models import StoredResponse
from shared import db, strict_json
from shared.tables import now


class KeyReused(Exception):
    """The key came before with another body."""


def fingerprint(body: dict[str, Any]) -> bytes:
    """Equal bodies have equal fingerprints, whatever their spacing and order of keys."""
    return hashlib.sha256(strict_json.canonical(body)).digest()


def stored_response(session: Session, *, key: str, body: dict[str, Any]) -> bytes | None:
    """The answer that this key got before, or None. Raises KeyReused."""
    kept = session.get(StoredResponse, key)
    if kept is None:
        return None
    if kept.fingerprint != fingerprint(body):
        raise KeyReused
    return kept.body


def store(session: Session, *, key: str, body: dict[str, Any], answer: bytes) -> bool:
    """Keep the answer; False where somebody with this key was first, and then nothing may
    commit.
    """
    row = {"key": key, "fingerprint": fingerprint(body), "body": answer, "created_at": now()}
    return db.insert_new(session, StoredResponse, values=row)
