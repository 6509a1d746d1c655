"""The theme of a request: name of the institution, colors, language and time zone.

It comes from the profile in force, read once per request. An error page must not query a database
that may have caused the error, so it uses the last profile this process saw, or neutral colors.
"""

from typing import NamedTuple

from flask import current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from shared import db
from shared.profile import Profile, versions
from shared.web.ui import colors, labels


class Theme(NamedTuple):
    """The data of the page frame."""

    name: str  # of the institution
    office: str  # the line below it; "" if unknown
    language: str
    zone: str  # the time zone of the times on the page
    brand: str  # version of the colors, see colors.version


def of(profile: Profile) -> Theme:
    """The theme of this profile in the language of the request."""
    language = labels.language()
    translated = profile.in_language(language)
    return Theme(
        name=translated.institution["name"],
        office=translated.offices[0]["label"],
        language=language,
        zone=profile.time_zone,
        brand=colors.version(profile.colors),
    )


def use(profile: Profile) -> None:
    """Use this profile in this request, so that a page that has loaded it skips a second query."""
    g.theme_profile = profile
    current_app.extensions["ui"]["profile"] = profile


def current() -> Theme:
    """The theme of this request. Never raises: without a profile it is neutral."""
    if "theme_profile" not in g:
        _load()
    profile: Profile | None = g.get("theme_profile") or current_app.extensions["ui"].get("profile")
    return of(profile) if profile else plain()


def plain() -> Theme:
    """The theme of a service without a profile."""
    brand = colors.version(colors.NEUTRAL)
    return Theme(name="Overture", office="", language=labels.language(), zone="UTC", brand=brand)


def skip_database() -> None:
    """Make the rest of this request use the known profile without a query."""
    g.setdefault("theme_profile", None)


def _load() -> None:
    skip_database()
    try:
        with db.read() as session:
            use(versions.in_force(session))
    except (versions.NoProfile, SQLAlchemyError):
        return


def address(kind: str) -> str:
    """The address of a generated file: `css` for the four tokens, `svg` for the mark."""
    return f"{request.script_root}/ui/brand-{current().brand}.{kind}"
