"""End the reminders of a draft from the mail program itself (RFC 8058).

The program posts to the address in the header of the mail, without cookies and without the page
before it. So the token alone counts. It opens nothing and can only end reminders.
"""

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.intake.access import link_tokens
from services.intake.drafts import drafts
from services.intake.models import Draft
from services.intake.models.states import AccessKind
from services.intake.routes import browser, rate_limits
from shared import db

bp = Blueprint("reminders", __name__)


@bp.get("/reminders/<token>")
def ask(token: str) -> ResponseReturnValue:
    """A person followed the address: the button that ends the reminders."""
    with db.begin() as session:
        draft = _draft(session, token)
        browser.profile(session)
    if draft is None:
        return _message("link_over"), 404
    return render_template("intake/stop_reminders.html", token=token)


@bp.post("/reminders/<token>")
def stop(token: str) -> ResponseReturnValue:
    """End the reminders; doing it twice changes nothing."""
    with db.begin() as session:
        draft = _draft(session, token)
        browser.profile(session)
        if draft is not None:
            drafts.stop_reminding(drafts.lock(session, draft))
    return _message("reminders_over") if draft else (_message("link_over"), 404)


def _draft(session: Session, token: str) -> Draft | None:
    rate_limits.check_guess(session)
    link = link_tokens.find(session, token=token)
    if link is None or link.kind != AccessKind.REMINDERS:
        return None
    draft = session.get(Draft, link.thing_id)
    if draft is not None and "lang" not in request.args:
        g.language = draft.language
    return draft


def _message(label: str) -> str:
    return render_template(
        "intake/message.html",
        title=browser.translate(label),
        paragraphs=[browser.translate(f"{label}_text")],
        links=[(url_for("start.home"), browser.translate("to_start"))],
    )
