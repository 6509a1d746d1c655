"""How the pages of this request look: whose they are, in which colors, language and time zone.

It comes from the profile in force, read once a request. A page about a fault must not ask a
database that may be the fault: it takes what this process saw last, or plain colors.
"""

from typing import NamedTuple

from flask import current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from shared import db
from shared.profile import Profile, versions
from shared.web.ui import colors, labels


class Theme(NamedTuple):
    """What the frame of a page shows."""

    name: str  # of the institution
    office: str  # the line below it; "" where none is known
    language: str
    zone: str  # name of the time zone in which moments are shown
    brand: str  # version of the colors, see colors.version


def of(profile: Profile) -> Theme:
    """The look of this profile, in the language of the request."""
    language = labels.language()
    spoken = profile.in_language(language)
    return Theme(
        name=spoken.institution["name"],
        office=spoken.offices[0]["label"],
        language=language,
        zone=profile.time_zone,
        brand=colors.version(profile.colors),
    )


def use(profile: Profile) -> None:
    """Show this profile in this request; spares a page that has loaded it a second look."""
    g.look_profile = profile
    current_app.extensions["ui"]["profile"] = profile


def current() -> Theme:
    """The look of this request. Never raises: without a profile the pages are plain."""
    if "look_profile" not in g:
        _find()
    profile: Profile | None = g.get("look_profile") or current_app.extensions["ui"].get("profile")
    return of(profile) if profile else plain()


def plain() -> Theme:
    """The look of a service that has seen no profile."""
    brand = colors.version(colors.NEUTRAL)
    return Theme(name="Overture", office="", language=labels.language(), zone="UTC", brand=brand)


def ask_nobody() -> None:
    """From here on this request shows what is known and asks no database."""
    g.setdefault("look_profile", None)


def _find() -> None:
    ask_nobody()
    try:
        with db.read() as session:
            use(versions.in_force(session))
    except (versions.NoProfile, SQLAlchemyError):
        return


def address(kind: str) -> str:
    """Where the generated file of this look is: kind is css (the four tokens) or svg (the mark)."""
    return f"{request.script_root}/ui/brand-{current().brand}.{kind}"
