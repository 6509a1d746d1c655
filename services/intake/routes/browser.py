"""The browser of this request: its language, its key and its draft."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import current_app, g, request
from flask import session as cookie
from sqlalchemy import event
from sqlalchemy.orm import Session

from services.intake import labels
from services.intake.access import browser_grants
from services.intake.drafts import drafts
from services.intake.models import Draft, Proposal
from services.intake.models.states import AccessKind
from shared.profile import Profile, text, versions
from shared.profile.offices import office_of
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
    """Before a request: set the language that this browser has chosen, now or earlier, else the one
    that it prefers. A choice is stored here because an address may redirect before it reads the
    profile.
    """
    name = current_app.session_interface.get_cookie_name(current_app)
    chosen = cookie.get("language") if name in request.cookies else None
    g.language = chosen or request.accept_languages.best_match(list(labels.LABELS)) or "en"
    wanted = request.args.get("lang", "")
    if wanted in labels.LABELS:
        use_language(wanted)
    g.office = None


def use_language(code: str) -> None:
    """Show this page in this language, and the next ones in this browser."""
    cookie["language"] = g.language = code


def profile(session: Session, answers: dict[str, Any] | None = None) -> Profile:
    """The profile in force, in the language of the page, and with its theme.

    The contact on the page is that of the office that the answers name. Raises Problem 503 while
    there is no profile.
    """
    try:
        in_force = versions.in_force(session)
    except versions.NoProfile as error:
        detail = "The form is being set up. Please try again in a few minutes."
        raise Problem(503, "no_form", detail, headers={"Retry-After": "60"}) from error
    if g.language not in in_force.languages:
        g.language = in_force.languages[0]
    theme.use(in_force)
    translated = in_force.in_language(g.language)
    g.office = office_of(translated, drafts.text_answers(answers or {}))
    g.languages = in_force.languages
    g.institution = in_force.institution["name"]
    return translated


def translate(label: str, /, **values: Any) -> str:
    """A label in the language of the page."""
    return labels.translate(g.language, label, **values)


def fill(template: str, **values: str) -> str:
    """A text of the profile with its placeholders filled in."""
    office = g.office
    common = {
        "institution": g.institution,
        "office": office["label"],
        "contact_name": office["contact"]["name"],
        "contact_email": office["contact"]["email"],
        "phone": office.get("phone", ""),
        "hours": office.get("hours", ""),
    }
    return text.render(template, _NOTHING | common | values)


def promised(profile: Profile, dates: Mapping[str, date], *, at_once: str) -> list[dict[str, str]]:
    """The promised dates, for `ours.promised`; `at_once` is what happens right away."""
    by_day = profile.page("start", g.language)["by_day"]
    items = [{"title": translate("at_once"), "text": at_once, "state": StepState.NOW}]
    for name, day in dates.items():
        title = fill(by_day, day=filters.day(day))
        items.append({"title": title, "text": profile.promise(name, g.language)})
    return items


def browser() -> bytes | None:
    """The hash of the key of this browser; None if it has no key yet."""
    stored = cookie.get("key")
    return browser_grants.browser_hash(stored) if isinstance(stored, str) else None


def key() -> str:
    """The key of this browser, which is only in its cookie; good for sixty days from now."""
    stored = cookie.get("key")
    value = stored if isinstance(stored, str) else browser_grants.new_key()
    _keep(value)
    return value


def grant(session: Session, target: Draft | Proposal, *, lasts: timedelta) -> None:
    """Let this browser see a draft or proposal. It gets a new key, once that is committed."""
    kind = AccessKind.DRAFT if isinstance(target, Draft) else AccessKind.PROPOSAL
    new = browser_grants.grant(session, browser(), kind=kind, thing_id=target.id, lasts=lasts)
    event.listen(session, "after_commit", lambda _: _keep(new), once=True)


def _keep(key: str) -> None:
    cookie["key"] = key
    cookie.permanent = True


def draft(session: Session, *, hold: bool = False) -> Draft | None:
    """The draft that the address names; else that of the posted form, else the one opened last.

    An address from before an upgrade names none, but its form does.
    """
    named = g.get("draft_reference", "")
    if named != "":
        return browser_grants.granted_draft(session, browser(), hold=hold, reference=named)
    posted = request.form.get("draft") if request.method == "POST" else None
    if posted is None:
        return browser_grants.granted_draft(session, browser(), hold=hold)
    try:
        return browser_grants.granted_draft(session, browser(), hold=hold, id=UUID(posted))
    except ValueError:
        return None


def check_form() -> None:
    """Raises Problem 415 unless a form was posted, 413 for one with too many fields."""
    whole = request.mimetype != FORMS[1] or "boundary" in request.mimetype_params
    if request.mimetype not in FORMS or not whole:
        raise Problem(415, "not_a_form", "Please send the form from its own page.")
    if len(request.form) > MAX_FIELDS:
        raise Problem(413, "too_many_fields", "This form has more fields than any of our pages.")


def trusted_form(*, within: timedelta | None = None) -> bool:
    """As `check_form`; False if the page timed out, and has to be posted again."""
    check_form()
    return csrf.valid(within=within)
