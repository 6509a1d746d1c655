"""Who is here, in which language, and with which draft: what every page begins with."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app, g, request
from flask import session as cookie
from sqlalchemy.orm import Session

from services.intake import labels
from services.intake.access import browser_grants
from services.intake.drafts import drafts
from services.intake.models import Draft
from shared import text
from shared.offices import office_of
from shared.profile import Profile, versions
from shared.profile.schema.texts import PAGES
from shared.web import csrf
from shared.web.problems import Problem
from shared.web.ui import filters, theme
from shared.web.ui.steps import StepState

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
MAX_FIELDS = 1000
PROMISES = ("first_reply", "meeting", "decision")
_NOTHING = {name: "" for names in PAGES.values() for name in names}


def choose_language() -> None:
    """Before a request: the language that this browser has chosen."""
    name = current_app.session_interface.get_cookie_name(current_app)
    g.language = cookie.get("language", "en") if name in request.cookies else "en"
    g.office = None


def profile(session: Session, answers: dict[str, Any] | None = None) -> Profile:
    """The profile in force in the language of the page, which from now on looks like it.

    The office that people are told to turn to is that of the answers. Raises Problem 503 while
    there is no profile.
    """
    try:
        found = versions.in_force(session)
    except versions.NoProfile as error:
        detail = "The form is being set up. Please try again in a few minutes."
        raise Problem(503, "no_form", detail, headers={"Retry-After": "60"}) from error
    wanted = request.args.get("lang")
    if wanted in found.languages:
        cookie["language"] = g.language = wanted
    if g.language not in found.languages:
        g.language = found.languages[0]
    theme.use(found)
    spoken = found.in_language(g.language)
    g.office = office_of(spoken, drafts.text_answers(answers or {}))
    g.languages = found.languages
    g.institution = found.institution["name"]
    return spoken


def translate(label: str, /, **values: Any) -> str:
    """A label in the language of the page."""
    return labels.translate(g.language, label, **values)


def fill(template: str, **more: str) -> str:
    """A text of the profile with its placeholders filled in."""
    office = g.office
    known = {
        "institution": g.institution,
        "office": office["label"],
        "contact_name": office["contact"]["name"],
        "contact_email": office["contact"]["email"],
        "phone": office.get("phone", ""),
        "hours": office.get("hours", ""),
    }
    return text.render(template, _NOTHING | known | more)


def promised(profile: Profile, dates: Mapping[str, date], *, at_once: str) -> list[dict[str, str]]:
    """The promised dates, for `ours.promised`; `at_once` is what happens right away."""
    by_day = profile.page("start", g.language)["by_day"]
    items = [{"title": translate("at_once"), "text": at_once, "state": StepState.NOW}]
    for name, day in dates.items():
        title = fill(by_day, day=filters.day(day))
        items.append({"title": title, "text": profile.promise(name, g.language)})
    return items


def browser() -> bytes | None:
    """What stands for this browser in our tables; None before it has got a key."""
    found = cookie.get("key")
    return browser_grants.browser_hash(found) if isinstance(found, str) else None


def key() -> str:
    """The key of this browser, which stands in its cookie alone; good for sixty days from now."""
    found = cookie.get("key")
    if not isinstance(found, str):
        found = browser_grants.new_key()
    cookie["key"] = found
    cookie.permanent = True
    return found


def ensure_browser() -> bytes:
    """As `browser`, and a browser without a key gets one."""
    return browser_grants.browser_hash(key())


def draft(session: Session, *, hold: bool = False) -> Draft | None:
    """The draft that the posted form belongs to, else the one opened last in this browser."""
    given = request.form.get("draft") if request.method == "POST" else None
    if given is None:
        return browser_grants.granted_draft(session, browser(), hold=hold)
    try:
        return browser_grants.granted_draft(session, browser(), draft_id=UUID(given), hold=hold)
    except ValueError:
        return None


def check_form() -> None:
    """Raises Problem: 415 for what is no form of a browser, 413 for one with too many fields."""
    whole = request.mimetype != FORMS[1] or "boundary" in request.mimetype_params
    if request.mimetype not in FORMS or not whole:
        raise Problem(415, "not_a_form", "Please send the form from its own page.")
    if len(request.form) > MAX_FIELDS:
        raise Problem(413, "too_many_fields", "This form has more fields than any of our pages.")


def trusted_form() -> bool:
    """As `check_form`; False where the page was open too long, and has to be posted again."""
    check_form()
    return csrf.valid()
