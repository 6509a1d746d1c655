"""Which office of the institution owns a case: from its answers, or by whom one turns to."""

from typing import Any

from shared.profile import Profile, value_of


def office_of(profile: Profile, answers: dict[str, Any]) -> dict[str, Any]:
    """The office that was asked for, else the one of the sponsor's unit, else the first.

    Returns value, label, place, contact {name, email}.
    """
    unit = profile.unit(value_of(profile, answers, "sponsor_unit") or "")
    wanted = [value_of(profile, answers, "office"), unit["office"] if unit else None]
    by_value = {office["value"]: office for office in profile.offices}
    return next((by_value[value] for value in wanted if value in by_value), profile.offices[0])


def office_at(profile: Profile, address: str) -> dict[str, Any] | None:
    """The office that answers at this address; None where this profile has no such office."""
    return next((one for one in profile.offices if one["contact"]["email"] == address), None)
