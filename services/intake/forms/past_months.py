"""A month or day by which something is needed, and which has passed already.

Only the form says so: what came through the API some time ago stays valid.
"""

from datetime import date
from typing import Any

from marshmallow import ValidationError

from services.intake.labels import translate
from shared.dates import month_or_day
from shared.profile import Profile
from shared.profile.answers import values

Spec = dict[str, Any]
ROLE = "target_term"  # of the question when something is needed


def problems(profile: Profile, body: Spec, *, today: date) -> Spec:
    """The errors, by key, in the structure of the schema."""
    found: Spec = {}
    for spec in profile.questions:
        if spec.get("role") != ROLE:
            continue
        value = body.get(spec["key"])
        parts = spec.get("parts", [])
        if spec["type"] == "date_or_month" and (said := _said(profile, value, today)):
            found[spec["key"]] = [said]
        inner = value if isinstance(value, dict) else {}
        for part in parts:
            is_month = part["type"] == "date_or_month"
            if is_month and (said := _said(profile, inner.get(part["name"]), today)):
                found[spec["key"]] = {part["name"]: [said]}
    return found


def _said(profile: Profile, value: Any, today: date) -> str:
    """What is wrong with this month or day; "" if nothing is, or if it is none."""
    try:
        clean = values.date_or_month({}, value)
    except ValidationError:
        return ""
    if clean >= str(today)[: len(clean)]:
        return ""
    words = month_or_day(clean, profile.language)
    return translate(profile.language, "past_month", month=words[:1].upper() + words[1:])
