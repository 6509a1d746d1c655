"""The catalogue of existing offerings, which intake shows beside the form."""

from typing import Any

from marshmallow import RAISE, Schema, fields, validate
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.models import CatalogueEntry
from services.review.models.states import OfferingState
from shared import outbox


class Entry(Schema):
    """One entry of a catalogue file."""

    class Meta:
        unknown = RAISE

    title = fields.Str(required=True, validate=validate.Length(min=1, max=200))
    unit = fields.Str(required=True, validate=validate.Length(max=200))
    skills = fields.List(fields.Str(validate=validate.Length(min=1, max=200)), load_default=list)


def load(session: Session, entries: list[dict[str, Any]]) -> tuple[int, int]:
    """Replace the catalogue by this list; return how many entries changed and how many retired.

    Raises marshmallow.ValidationError for an invalid list, and then changes nothing.
    """
    offered = {entry["title"]: entry for entry in Entry(many=True).load(entries)}
    present = {entry.title: entry for entry in session.scalars(select(CatalogueEntry))}
    changed = retired = 0
    for title, data in offered.items():
        entry = present.get(title)
        new = {"unit": data["unit"], "skills": data["skills"], "state": OfferingState.OFFERED}
        if entry is None:
            entry = CatalogueEntry(title=title, version=0)
            session.add(entry)
        elif all(getattr(entry, name) == value for name, value in new.items()):
            continue
        changed += 1
        _set(session, entry, new)
    for title, entry in present.items():
        if title not in offered and entry.state == OfferingState.OFFERED:
            retired += 1
            _set(session, entry, {"state": OfferingState.RETIRED})
    return changed, retired


def _set(session: Session, entry: CatalogueEntry, new: dict[str, Any]) -> None:
    for name, value in new.items():
        setattr(entry, name, value)
    entry.version += 1
    session.flush()
    data = {name: getattr(entry, name) for name in ("version", "title", "unit", "skills", "state")}
    outbox.add(session, "catalogue_entry.changed.v1", {"entry_id": entry.id, **data})
