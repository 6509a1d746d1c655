"""The answer box of the status page: the proposer writes to the office."""

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.intake.access import browser_grants
from services.intake.conversation import messages, unsent
from services.intake.models import Proposal
from services.intake.proposals import submission
from services.intake.routes import browser, rate_limits
from shared import db, references, typed
from shared.profile.answers import characters
from shared.profile.answers.messages import Message
from shared.web import cookies
from shared.web.ui.fields import Field

bp = Blueprint("messages", __name__)

MOST = 4000  # characters


def field(text: str, *, contact: str, checked: bool) -> Field:
    """The answer box with what was typed; `checked`: with what is wrong about it."""
    fault = _fault(text) if checked else ""
    return Field(
        kind="long_text",
        name="text",
        label=browser.translate("message_box", name=contact),
        hint=browser.translate("message_hint"),
        value=text,
        errors=[fault] if fault else [],
        most=MOST,
        lines=4,
    )


@bp.post("/status/<reference>/message")
def send(reference: str) -> ResponseReturnValue:
    """Send what was typed, or keep it while somebody types. An error keeps it, too."""
    keeps = request.form.get("go") == "keep"
    trusted = browser.trusted_form(within=cookies.KEPT if keeps else None)
    text = request.form.get("text", "")
    with db.begin() as session:
        browser.profile(session)
        proposal = _own(session, reference)
        if proposal is None or not trusted:
            return _not_taken(proposal, text)
        is_fine = not keeps and not _fault(text)
        if is_fine:
            rate_limits.check_message(session, proposal)
            messages.send(session, proposal, text=_clean(text))
            unsent.forget(session, proposal)
        else:
            unsent.keep(session, proposal, text=text)
    if keeps:
        return Response("{}", mimetype="application/json")
    page = url_for("status.show", typed=references.display(proposal.reference))
    return redirect(page + ("?sent=#messages" if is_fine else "?fix=#errors"), 303)


@bp.get("/status/<reference>/message")
def to_page(reference: str) -> ResponseReturnValue:
    """The answer box is on the status page; a page that timed out has this address."""
    return redirect(url_for("status.show", typed=reference), 303)


def _own(session: Session, reference: str) -> Proposal | None:
    """The proposal, if this browser may see it."""
    proposal = submission.find(session, typed=reference)
    granted = browser_grants.granted_proposals(session, browser.browser())
    return proposal if proposal in granted else None


def _fault(text: str) -> str:
    """What is wrong with this text, in words; "" for nothing."""
    if characters.blank(text):
        return browser.translate("message_needed")
    try:
        length = len(_clean(text))
    except characters.Unusable as unusable:
        wrong = Message.of("bad_text", reason=unusable.reason, place=unusable.place)
        return wrong.in_language(g.language)
    if length > MOST:
        return Message.of("too_long", limit=MOST, found=length).in_language(g.language)
    return ""


def _clean(text: str) -> str:
    return characters.lines(typed.text(text))


def _not_taken(proposal: Proposal | None, text: str) -> ResponseReturnValue:
    """The page is too old, or this browser may not see the proposal anymore: nothing is lost."""
    if proposal is None:
        why, link = "message_locked", (url_for("sign_in_links.request_form"), "ask_link")
    else:
        page = url_for("status.show", typed=references.display(proposal.reference))
        why, link = "message_old", (page, "message_again")
    page = render_template(
        "intake/message.html",
        title=browser.translate("message_not_sent"),
        paragraphs=[browser.translate(why)],
        typed=[text] if text.strip() else [],
        links=[(link[0], browser.translate(link[1]))],
    )
    return page, 403
