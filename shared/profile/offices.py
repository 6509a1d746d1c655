"""Which office of the institution owns a case."""

from typing import Any

from shared.profile import Profile, value_of


def office_of(profile: Profile, answers: dict[str, Any]) -> dict[str, Any]:
    """The office named in the answers, else that of the sponsor's unit, else the first.

    Returns value, label, place, contact {name, email}.
    """
    unit = profile.unit(value_of(profile, answers, "sponsor_unit") or "")
    candidates = [value_of(profile, answers, "office"), unit["office"] if unit else None]
    by_value = {office["value"]: office for office in profile.offices}
    return next((by_value[value] for value in candidates if value in by_value), profile.offices[0])


def signature(name: str, office: dict[str, Any]) -> list[str]:
    """The lines under a letter: name, title where it is that of the office's contact, office."""
    title = office.get("contact_title", "") if name == office["contact"]["name"] else ""
    return [line for line in (name, title, office["label"]) if line]


def office_at(profile: Profile, address: str) -> dict[str, Any] | None:
    """The office with this contact address; None if the profile has no such office."""
    offices = (office for office in profile.offices if office["contact"]["email"] == address)
    return next(offices, None)
