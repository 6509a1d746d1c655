"""The existing offerings; review owns them."""

from typing import Any

from sqlalchemy.orm import Session

from services.intake.models import CatalogueEntry
from shared.inbox.projection import upsert


def receive(session: Session, data: dict[str, Any]) -> None:
    """Handler of `catalogue_entry.changed.v1`."""
    upsert(session, CatalogueEntry, key="entry_id", values=data)
