"""Mailed links. A GET never opens anything, because mail scanners follow links too; a button does,
and so do the six digits of the mail, on the page where the link was requested.

People who ask for a link or type digits learn nothing about who is known here.
"""

from collections.abc import Sequence

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.intake.access import browser_grants, link_tokens
from services.intake.access.link_tokens import LinkRequest
from services.intake.drafts import drafts
from services.intake.models import Draft, LinkToken, Proposal
from services.intake.models.states import AccessKind, ProposalState
from services.intake.notifications import proposer_mail
from services.intake.proposals import lookup, status
from services.intake.routes import browser, rate_limits
from services.intake.routes.mailed_links.equal_work import mail_links
from shared import db, logs, references
from shared.profile import Profile, versions
from shared.tables import now
from shared.web import csrf
from shared.web.ui.fields import Field

bp = Blueprint("sign_in_links", __name__)
log = logs.logger(__name__)

GO_TARGETS = {
    "delete": "save_and_return.confirm_delete",
    "quiet": "save_and_return.saved",
}  # for a draft; every other button continues it
CODE_ERRORS = {"wrong": "code_wrong", "missing": "code_needed"}  # by what the address says
CODE_SHOWN = 20  # characters of a wrong code that are shown again


@bp.get("/go/<token>")
def show(token: str) -> ResponseReturnValue:
    """What the link opens, and the button that does it."""
    return _follow(token, enter=False)


@bp.post("/go/<token>")
def open_link(token: str) -> ResponseReturnValue:
    """Open what the link is for in this browser, for twelve hours, under an address without it."""
    return _follow(token, enter=True)


def _follow(token: str, *, enter: bool) -> ResponseReturnValue:
    trusted = enter and browser.trusted_form()
    with db.begin() as session:
        rate_limits.check_guess(session)
        link = link_tokens.find(session, token=token)
        target = _target(session, link)
        if target is not None and "lang" not in request.args:
            g.language = target.language  # people read the language in which they wrote
        profile = browser.profile(session)
        label = _label(session, profile, target)
        if trusted and link is not None and target is not None:
            _grant_access(session, link, target)
            if isinstance(target, Draft) and request.form.get("go") == "quiet":
                drafts.stop_reminding(target)
    if target is None:
        return _request_page("", reason="link_over"), 404
    if trusted:
        return _redirect(target, by="link")
    page = _link_page(profile, target, label=label, alert="timed_out" if enter else "")
    return page, 403 if enter else 200


def _grant_access(session: Session, link: LinkToken, target: Draft | Proposal) -> None:
    """This browser may see it for twelve hours, and the mailbox of the link is verified."""
    lookup.mark_verified(session, person_id=link.person_id)
    if isinstance(target, Proposal) and target.copy_waits:
        profile = versions.of(session, version=target.profile_version)
        proposer_mail.answers_copy(session, target, profile=profile)
    browser.grant(session, target, lasts=browser_grants.LINK_GRANT)


def _redirect(target: Draft | Proposal, *, by: str) -> ResponseReturnValue:
    csrf.renew()
    cookie["language"] = target.language
    log.info("mailed link used", by=by, reference=target.reference)
    reference = references.display(target.reference)
    if isinstance(target, Draft):
        endpoint = GO_TARGETS.get(request.form.get("go", ""), "drafts.resume")
        return redirect(url_for(endpoint, draft=reference), 303)
    return redirect(url_for("status.show", typed=reference), 303)


@bp.get("/link")
def request_form() -> ResponseReturnValue:
    """Where people ask for a new link."""
    with db.read() as session:
        browser.profile(session)
    reference = references.parse(request.args.get("known", ""))
    errors = [] if request.args.get("fix") is None else [browser.translate("known_needed")]
    return _request_page(references.display(reference) if reference else "", errors=errors)


@bp.post("/link")
def request_link() -> ResponseReturnValue:
    """Mail a link if the address or reference is known; the answer is the same if not."""
    trusted = browser.trusted_form()
    known = request.form.get("known", "").strip()
    usable = lookup.is_usable(known)
    allowed = True
    with db.begin() as session:
        profile = browser.profile(session)
        if trusted and usable:
            rate_limits.check_guess(session)
            allowed = rate_limits.may_ask(session, known=known)
            if allowed:
                link_request = LinkRequest.of(browser.key(), known)
                cookie["asked"] = link_request.sha256.hex()
                mail_links(session, link_request, profile, typed=known)
    if not trusted:
        return _request_page(known, alert="timed_out"), 400
    if not known:
        return redirect(url_for(".request_form", fix=""), 303)
    if not usable:
        return _request_page(known, errors=[browser.translate("known_bad")]), 422
    if not allowed:
        return _request_page(known, alert="link_full"), 429, rate_limits.RETRY_AFTER
    return redirect(url_for(".requested"), 303)


@bp.get("/link/code")
def requested() -> ResponseReturnValue:
    """After a link was asked for in this browser: where its code can be typed."""
    with db.read() as session:
        browser.profile(session)
    if _link_request() is None:
        return redirect(url_for(".request_form"), 303)
    fix = request.args.get("fix")
    error = browser.translate(CODE_ERRORS[fix]) if fix in CODE_ERRORS else ""
    typed = cookie.pop("code", "") if error else ""
    return _requested_page(typed, errors=[error] if error else [])


@bp.post("/link/code")
def open_by_code() -> ResponseReturnValue:
    """Open what the six digits of a mail are for. A wrong code gets the same answer as a code for
    an address that nobody has.
    """
    trusted = browser.trusted_form()
    typed, link_request = request.form.get("code", "").strip(), _link_request()
    code, target = link_tokens.parse_code(typed), None
    with db.begin() as session:
        browser.profile(session)
        if trusted and code and link_request is not None:
            rate_limits.check_guess(session)
            link = link_tokens.find_by_code(session, link_request=link_request, code=code)
            target = _target(session, link)
            if link is not None and target is not None:
                _grant_access(session, link, target)
    if not trusted:
        return _requested_page(typed, alert="timed_out"), 400
    if target is None:
        cookie["code"] = typed[:CODE_SHOWN]
        return redirect(url_for(".requested", fix="wrong" if code else "missing"), 303)
    return _redirect(target, by="code")


def _link_request() -> LinkRequest | None:
    """The last request for a link in this browser; its cookie holds only a hash of it."""
    try:
        return LinkRequest(browser.key(), bytes.fromhex(cookie["asked"]))
    except (KeyError, TypeError, ValueError):
        return None


def _target(session: Session, link: LinkToken | None) -> Draft | Proposal | None:
    """The draft or proposal that a link opens; None if it was deleted. The link to a draft that was
    sent opens its proposal, for as long as the link in the receipt does.
    """
    if link is None or link.kind == AccessKind.REMINDERS:
        return None
    draft = session.get(Draft, link.thing_id) if link.kind == AccessKind.DRAFT else None
    if draft is not None and draft.proposal_id is None:
        return draft
    proposal = session.get(Proposal, draft.proposal_id if draft else link.thing_id)
    if proposal is None or proposal.state == ProposalState.ERASED:
        return None
    over = draft is not None and now() > proposal.submitted_at + link_tokens.STATUS_LIFETIME
    return None if over else proposal


def _label(session: Session, profile: Profile, target: Draft | Proposal | None) -> str:
    if isinstance(target, Proposal):
        return status.public_label(session, target, profile=profile)
    return browser.translate("draft")


def _link_page(profile: Profile, target: Draft | Proposal, *, label: str, alert: str) -> str:
    title = target.title if isinstance(target, Proposal) else ""
    return render_template(
        "intake/open_link.html",
        texts=profile.page("link", g.language),
        facts={"reference": references.display(target.reference), "title": title},
        label=label,
        is_draft=isinstance(target, Draft),
        reminds=isinstance(target, Draft) and target.remind_at is not None,
        alert=alert,
    )


def _requested_page(typed: str, *, errors: Sequence[str] = (), alert: str = "") -> str:
    field = Field(
        kind="code",
        name="code",
        label=browser.translate("code"),
        hint=browser.translate("code_hint"),
        value=typed[: link_tokens.MAX_TYPED],
        errors=errors,
    )
    return render_template("intake/link_requested.html", fields=[field], alert=alert)


def _request_page(
    known: str, *, errors: Sequence[str] = (), alert: str = "", reason: str = "link"
) -> str:
    """`reason`: "link", or "link_over" after a link that opens nothing."""
    field = Field(
        kind="text",
        name="known",
        label=browser.translate("known"),
        hint=browser.translate("known_hint"),
        value=known,
        autocomplete="email",
        errors=errors,
    )
    return render_template(
        "intake/request_link.html",
        title=browser.translate("link_over" if reason == "link_over" else "link_title"),
        text=browser.translate(f"{reason}_text"),
        fields=[field],
        alert=alert,
    )
