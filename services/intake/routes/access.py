"""Mailed links. A GET never opens anything, because mail scanners follow links too; a button does.

Whoever asks for a link learns nothing about who is known here.
"""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.intake import letters, passes, people, status, tokens
from services.intake.models import Draft, Proposal, Token
from services.intake.routes import limited, visit
from services.intake.words import tell
from shared import db, logs, references
from shared.profile import Profile
from shared.web.ui.fields import Field

bp = Blueprint("access", __name__)
log = logs.logger(__name__)


@bp.get("/go/<token>")
def look(token: str) -> ResponseReturnValue:
    """What the link opens, and the button that does it."""
    return _opened(token, enter=False)


@bp.post("/go/<token>")
def enter(token: str) -> ResponseReturnValue:
    """Open what the link is for in this browser, for twelve hours, under an address without it."""
    return _opened(token, enter=True)


def _opened(token: str, *, enter: bool) -> ResponseReturnValue:
    trusted = enter and visit.trusted_form()
    with db.begin() as session:
        limited.check_guess(session)
        profile = visit.profile(session)
        found = tokens.find(session, token=token)
        thing = _thing(session, found)
        if found is None or thing is None:
            return _ask_page("", unknown=True), 404
        if "lang" not in request.args:  # she reads the language in which she wrote
            g.language = thing.language
            profile = visit.profile(session)
        if not trusted:
            late = {"late": enter}
            return _button_page(session, profile, thing, **late), 403 if enter else 200
        people.verify(session, person_id=found.person_id)
        kind = "draft" if isinstance(thing, Draft) else "proposal"
        passes.open_for(
            session, visit.known_browser(), kind=kind, thing_id=thing.id, lasts=passes.BY_LINK
        )
    cookie["language"] = thing.language
    log.info("a mailed link was used", kind=kind, reference=thing.reference)
    if isinstance(thing, Draft):
        return redirect(url_for("drafts.resume"), 303)
    return redirect(url_for("status.show", typed=references.shown(thing.reference)), 303)


@bp.get("/link")
def ask() -> ResponseReturnValue:
    """Where one asks for a new link."""
    with db.read() as session:
        visit.profile(session)
    reference = references.typed(request.args.get("known", ""))
    return _ask_page(references.shown(reference) if reference else "")


@bp.post("/link")
def send() -> ResponseReturnValue:
    """Mail a link if the address or reference is known; the answer is the same if not."""
    trusted = visit.trusted_form()
    given = request.form.get("known", "").strip()
    with db.begin() as session:
        profile = visit.profile(session)
        if trusted and given:
            limited.check_guess(session)
            for wanted in people.known_by(session, typed=given, profile=profile):
                if limited.may_mail(session, address=wanted.person.address):
                    letters.sign_in_link(session, wanted, profile=profile)
    if not trusted:
        return _ask_page(given, late=True), 400
    if not given:
        return _ask_page(given, errors=[tell("known_needed")]), 422
    return render_template(
        "intake/plain.html",
        title=tell("link_sent"),
        paragraphs=[tell("link_sent_text"), tell("link_spam")],
        links=[(url_for("start.home"), tell("to_start"))],
    )


def _thing(session: Session, found: Token | None) -> Draft | Proposal | None:
    """The draft or proposal that a link opens, if it still stands; a sent draft is its proposal."""
    if found is None:
        return None
    draft = session.get(Draft, found.thing_id) if found.kind == "draft" else None
    if draft is not None and draft.proposal_id is None:
        return draft
    proposal = session.get(Proposal, draft.proposal_id if draft else found.thing_id)
    return proposal if proposal is not None and proposal.state != "erased" else None


def _button_page(session: Session, profile: Profile, thing: Draft | Proposal, *, late: bool) -> str:
    if isinstance(thing, Proposal):
        title, label = thing.title, status.label(session, thing, profile=profile)
    else:
        title, label = "", tell("draft")
    return render_template(
        "intake/link.html",
        said=profile.page("link", g.language),
        facts={"reference": references.shown(thing.reference), "title": title},
        label=label,
        late=late,
    )


def _ask_page(given: str, **more: object) -> str:
    errors = more.pop("errors", [])
    field = Field(
        kind="text",
        name="known",
        label=tell("known"),
        hint=tell("known_hint"),
        value=given,
        autocomplete="email",
        errors=errors,  # type: ignore[arg-type]
    )
    return render_template(
        "intake/ask.html", fields=[field], **{"late": False, "unknown": False} | more
    )
