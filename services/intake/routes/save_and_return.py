"""Save for later: come back on any device by a mailed link, or delete the draft."""

from collections.abc import Sequence

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.intake.drafts import drafts
from services.intake.forms import check_answers
from services.intake.models import Person
from services.intake.notifications import draft_mail, proposer_mail, recipients
from services.intake.proposals import submission
from services.intake.routes import browser, current_draft, rate_limits
from services.intake.routes.current_draft import CurrentDraft
from shared import addresses, db
from shared.profile import value_of
from shared.profile.answers import characters, validation, values
from shared.profile.answers.messages import required
from shared.tables import now
from shared.web.ui.fields import Field

bp = Blueprint("save_and_return", __name__)

MAILED = {"stays": "mailed_stays", "hour": "mailed_text"}  # in the address after a mail was sent


@bp.get("/draft/link")
@bp.get("/draft/<draft>/link")
@bp.get("/draft/saved")
@bp.get("/draft/<draft>/saved")
def saved() -> ResponseReturnValue:
    """Says until when the draft is kept, and offers a link by mail, or says that it is coming."""
    current = current_draft.open_draft()
    if current.draft.proposal_id is not None:
        return redirect(url_for("submit.receipt"), 303)
    mailed = request.args.get("mailed", "")
    if mailed in MAILED:
        with db.read() as session:
            address = _mailbox(session, current)
        shown = addresses.readable(address)
        sent_text = browser.translate(MAILED[mailed], address=shown) if address else ""
        return _page(current, "", sent_text=sent_text)
    address = value_of(current.profile, current.body, "contact")
    return _page(current, address if isinstance(address, str) else "")


@bp.post("/draft/link")
@bp.post("/draft/<draft>/link")
def link() -> ResponseReturnValue:
    """Mail a link to the draft to this address, unless it has had too many."""
    trusted = browser.trusted_form()
    current = current_draft.open_draft()
    if current.draft.proposal_id is not None:
        return current_draft.already_sent_page()
    typed = request.form.get("email", "")
    if not trusted:
        return _page(current, typed, alert="timed_out"), 400
    try:
        if characters.blank(typed):
            raise ValidationError(required("email"))
        address = values.email({}, typed)
    except ValidationError as error:
        return _page(current, typed, errors=validation.messages_in(error, g.language)), 422
    with db.begin() as session:
        allowed = rate_limits.may_mail_draft(session, address=address, browser=browser.key())
        stays = allowed and _mail(session, current, address)
    if not allowed:
        return _page(current, typed, alert="mail_full"), 429, rate_limits.RETRY_AFTER
    return redirect(url_for(".saved", mailed="stays" if stays else "hour"), 303)


@bp.get("/draft/delete")
@bp.get("/draft/<draft>/delete")
def confirm_delete() -> ResponseReturnValue:
    """Says what is lost when the draft is deleted, with the button for it."""
    current = current_draft.open_draft()
    if current.draft.proposal_id is not None:
        return redirect(url_for("submit.receipt"), 303)
    return _delete_page(current)


@bp.post("/draft/delete")
@bp.post("/draft/<draft>/delete")
def delete() -> ResponseReturnValue:
    """Delete the draft, and every link to it."""
    trusted = browser.trusted_form()
    with db.begin() as session:
        current = current_draft.lock_draft(session)
        already_sent = current.draft.proposal_id is not None
        if trusted and not already_sent:
            drafts.delete_drafts(session, [current.draft])
    if already_sent:
        return current_draft.already_sent_page()
    if not trusted:
        return _delete_page(current, alert="timed_out"), 400
    return redirect(url_for(".deleted"), 303)


@bp.get("/deleted")
def deleted() -> ResponseReturnValue:
    """Confirms the deletion."""
    with db.read() as session:
        browser.profile(session)
    return render_template(
        "intake/message.html",
        title=browser.translate("deleted_title"),
        paragraphs=[browser.translate("deleted_text")],
        links=[(url_for("start.home"), browser.translate("to_start"))],
    )


def _mailbox(session: Session, current: CurrentDraft) -> str:
    """The mailbox that got the last link to the draft."""
    person = session.get(Person, current.draft.person_id) if current.draft.person_id else None
    return person.address if person else ""


def _mail(session: Session, current: CurrentDraft, address: str) -> bool:
    """Mail a link; return whether this is a new mailbox, whose link works as long as the draft."""
    draft = drafts.lock(session, current.draft)
    person = submission.person(session, address=address)
    is_new = draft.person_id != person.id
    draft.person_id, draft.language = person.id, g.language
    draft.reminds = draft.reminds or is_new
    drafts.plan_reminder(draft, after=now())
    if is_new:
        missing = check_answers.count_missing(current.profile, draft)
        draft_mail.draft_saved(session, draft, person, profile=current.profile, missing=missing)
    else:
        recipient = recipients.recipient_of_draft(draft, person, profile=current.profile)
        proposer_mail.sign_in_link(session, recipient, profile=current.profile)
    return is_new


def _delete_page(current: CurrentDraft, *, alert: str = "") -> str:
    return render_template("intake/delete.html", draft=current.draft, alert=alert)


def _page(
    current: CurrentDraft,
    address: str,
    *,
    errors: Sequence[str] = (),
    sent_text: str = "",
    alert: str = "",
) -> str:
    field = Field(
        kind="email",
        name="email",
        label=browser.translate("email"),
        value=address,
        autocomplete="email",
        errors=errors,
    )
    return render_template(
        "intake/saved.html",
        title=browser.translate("mailed_title" if sent_text else "saved_title"),
        draft=current.draft,
        kept=current_draft.kept_until_text(current),
        fields=[field],
        sent_text=sent_text,
        alert=alert,
    )
