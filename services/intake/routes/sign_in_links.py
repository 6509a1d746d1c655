"""Mailed links. A GET never opens anything, because mail scanners follow links too; a button does,
and so do the six digits of the mail on the page on which it was asked for.

Whoever asks for a link or types digits learns nothing about who is known here.
"""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.intake.access import browser_grants, link_tokens
from services.intake.access.link_tokens import LinkRequest
from services.intake.drafts import drafts
from services.intake.models import Draft, LinkToken, Proposal
from services.intake.notifications import proposer_mail
from services.intake.proposals import lookup, status
from services.intake.routes import browser, rate_limits
from shared import db, logs, references
from shared.profile import Profile
from shared.tables import now
from shared.web.ui.fields import Field

bp = Blueprint("sign_in_links", __name__)
log = logs.logger(__name__)

GO_TARGETS = {
    "delete": "save_and_return.confirm_delete",
    "quiet": "save_and_return.saved",
}  # of a draft, where not to go on


@bp.get("/go/<token>")
def show(token: str) -> ResponseReturnValue:
    """What the link opens, and the button that does it."""
    return _link_page(token, enter=False)


@bp.post("/go/<token>")
def open_link(token: str) -> ResponseReturnValue:
    """Open what the link is for in this browser, for twelve hours, under an address without it."""
    return _link_page(token, enter=True)


def _link_page(token: str, *, enter: bool) -> ResponseReturnValue:
    trusted = enter and browser.trusted_form()
    with db.begin() as session:
        rate_limits.check_guess(session)
        profile = browser.profile(session)
        found = link_tokens.find(session, token=token)
        thing = _thing(session, found)
        if found is None or thing is None:
            return _ask_page("", unknown=True), 404
        if "lang" not in request.args:  # she reads the language in which she wrote
            g.language = thing.language
            profile = browser.profile(session)
        if not trusted:
            late = {"late": enter}
            return _button_page(session, profile, thing, **late), 403 if enter else 200
        _grant_access(session, found, thing)
        if isinstance(thing, Draft) and request.form.get("go") == "quiet":
            drafts.stop_reminding(thing)
    return _redirect(thing, by="link")


def _grant_access(session: Session, found: LinkToken, thing: Draft | Proposal) -> None:
    """This browser may see it for twelve hours, and whoever is here reads the mailbox."""
    lookup.mark_verified(session, person_id=found.person_id)
    kind = "draft" if isinstance(thing, Draft) else "proposal"
    holder = browser.ensure_browser()
    browser_grants.grant(
        session, holder, kind=kind, thing_id=thing.id, lasts=browser_grants.LINK_GRANT
    )


def _redirect(thing: Draft | Proposal, *, by: str) -> ResponseReturnValue:
    cookie["language"] = thing.language
    log.info("a mailed link was used", by=by, reference=thing.reference)
    if isinstance(thing, Draft):
        return redirect(url_for(GO_TARGETS.get(request.form.get("go", ""), "drafts.resume")), 303)
    return redirect(url_for("status.show", typed=references.display(thing.reference)), 303)


@bp.get("/link")
def request_form() -> ResponseReturnValue:
    """Where one asks for a new link."""
    with db.read() as session:
        browser.profile(session)
    reference = references.parse(request.args.get("known", ""))
    return _ask_page(references.display(reference) if reference else "")


@bp.post("/link")
def request_link() -> ResponseReturnValue:
    """Mail a link if the address or reference is known; the answer is the same if not."""
    trusted = browser.trusted_form()
    given = request.form.get("known", "").strip()
    with db.begin() as session:
        profile = browser.profile(session)
        if trusted and given:
            rate_limits.check_guess(session)
            asked = LinkRequest(browser.key(), given)
            for wanted in lookup.recipients_for(session, typed=given, profile=profile):
                if rate_limits.may_mail(session, address=wanted.person.address):
                    proposer_mail.sign_in_link(session, wanted, profile=profile, asked=asked)
    if not trusted:
        return _ask_page(given, late=True), 400
    if not given:
        return _ask_page(given, errors=[browser.translate("known_needed")]), 422
    return _sent_page(given)


@bp.post("/link/code")
def open_by_code() -> ResponseReturnValue:
    """Open what the six digits of a mail are for; a wrong one is told as one for nobody is."""
    trusted = browser.trusted_form()
    known, typed = (request.form.get(name, "").strip() for name in ("known", "code"))
    code, thing = link_tokens.parse_code(typed), None
    with db.begin() as session:
        browser.profile(session)
        if trusted and code:
            rate_limits.check_guess(session)
            asked = LinkRequest(browser.key(), known)
            found = link_tokens.find_by_code(session, asked=asked, code=code)
            thing = _thing(session, found)
            if found is not None and thing is not None:
                _grant_access(session, found, thing)
    if not trusted:
        return _sent_page(known, typed, late=True), 400
    if thing is None:
        wrong = browser.translate("code_wrong" if code else "code_needed")
        return _sent_page(known, typed, errors=[wrong]), 422
    return _redirect(thing, by="code")


def _thing(session: Session, found: LinkToken | None) -> Draft | Proposal | None:
    """The draft or proposal that a link opens, if it still stands; a sent draft is its proposal,
    for as long as the link in its receipt opens it.
    """
    if found is None:
        return None
    draft = session.get(Draft, found.thing_id) if found.kind == "draft" else None
    if draft is not None and draft.proposal_id is None:
        return draft
    proposal = session.get(Proposal, draft.proposal_id if draft else found.thing_id)
    if proposal is None or proposal.state == "erased":
        return None
    over = draft is not None and now() > proposal.submitted_at + link_tokens.STATUS_LIFETIME
    return None if over else proposal


def _button_page(session: Session, profile: Profile, thing: Draft | Proposal, *, late: bool) -> str:
    if isinstance(thing, Proposal):
        title, label = thing.title, status.public_label(session, thing, profile=profile)
    else:
        title, label = "", browser.translate("draft")
    return render_template(
        "intake/link.html",
        said=profile.page("link", g.language),
        facts={"reference": references.display(thing.reference), "title": title},
        label=label,
        draft=isinstance(thing, Draft),
        reminded=isinstance(thing, Draft) and thing.remind_at is not None,
        late=late,
    )


def _sent_page(known: str, typed: str = "", **more: object) -> str:
    field = Field(
        kind="code",
        name="code",
        label=browser.translate("code"),
        hint=browser.translate("code_hint"),
        value=typed[: link_tokens.MAX_TYPED],
        errors=more.pop("errors", []),  # type: ignore[arg-type]
    )
    return render_template(
        "intake/asked.html", known=known, fields=[field], **{"late": False} | more
    )


def _ask_page(given: str, **more: object) -> str:
    errors = more.pop("errors", [])
    field = Field(
        kind="text",
        name="known",
        label=browser.translate("known"),
        hint=browser.translate("known_hint"),
        value=given,
        autocomplete="email",
        errors=errors,  # type: ignore[arg-type]
    )
    return render_template(
        "intake/ask.html", fields=[field], **{"late": False, "unknown": False} | more
    )
