"""Stop for now, come back on any device by a mailed link, or delete the draft."""

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.intake import drafts, letters, submissions
from services.intake.forms import checking
from services.intake.routes import going, limited, visit
from services.intake.routes.going import Going
from services.intake.words import tell
from shared import db
from shared.profile import answers, value_of, values
from shared.tables import now
from shared.web.ui.fields import Field

bp = Blueprint("stopping", __name__)


@bp.get("/draft/saved")
def saved() -> ResponseReturnValue:
    """What was typed is kept, until when, and how one gets back to it."""
    here = going.opened()
    if here.draft.proposal_id is not None:
        return redirect(url_for("sending.sent"), 303)
    known = value_of(here.profile, here.body, "contact")
    return _page(here, known if isinstance(known, str) else "")


@bp.post("/draft/link")
def link() -> ResponseReturnValue:
    """Mail a link to the draft to this address, if it has not had too many."""
    trusted = visit.trusted_form()
    here = going.opened()
    if here.draft.proposal_id is not None:
        return going.already_sent()
    given = request.form.get("email", "")
    if not trusted:
        return _page(here, given, late=True), 400
    try:
        address = values.email({}, given)
    except ValidationError as error:
        return _page(here, given, errors=answers.told(error, g.language)), 422
    with db.begin() as session:
        allowed = limited.may_mail(session, address=address)
        stays = allowed and _mail(session, here, address)
    if not allowed:
        return _page(here, given, full=True), 429, limited.WAIT
    return _page(here, given, mailed=address, stays=stays)


@bp.get("/draft/delete")
def leave() -> ResponseReturnValue:
    """What goes when the draft is deleted, and the button that does it."""
    here = going.opened()
    if here.draft.proposal_id is not None:
        return redirect(url_for("sending.sent"), 303)
    return _leaving(here, late=False)


@bp.post("/draft/delete")
def delete() -> ResponseReturnValue:
    """Delete the draft, and every link to it."""
    trusted = visit.trusted_form()
    with db.begin() as session:
        here = going.held(session)
        if here.draft.proposal_id is not None:
            return going.already_sent()
        if trusted:
            drafts.forget(session, [here.draft])
    if not trusted:
        return _leaving(here, late=True), 400
    return redirect(url_for(".deleted"), 303)


@bp.get("/deleted")
def deleted() -> ResponseReturnValue:
    """It is gone."""
    with db.read() as session:
        visit.profile(session)
    return render_template(
        "intake/plain.html",
        title=tell("deleted_title"),
        paragraphs=[tell("deleted_text")],
        links=[(url_for("start.home"), tell("to_start"))],
    )


def _mail(session: Session, here: Going, address: str) -> bool:
    """Mail a link; whether it stays good, since the draft has not had this mailbox before."""
    draft = drafts.locked(session, here.draft)
    person = submissions.person(session, address=address)
    is_new = draft.person_id != person.id
    draft.person_id, draft.language = person.id, g.language
    draft.reminds = draft.reminds or is_new
    drafts.plan_reminder(draft, after=now())
    if is_new:
        left = checking.left(here.profile, draft)
        letters.draft_saved(session, draft, person, profile=here.profile, left=left)
    else:
        wanted = letters.about_draft(draft, person, profile=here.profile)
        letters.sign_in_link(session, wanted, profile=here.profile)
    return is_new


def _leaving(here: Going, *, late: bool) -> str:
    return render_template("intake/delete.html", here=here, late=late)


def _page(here: Going, address: str, **more: object) -> str:
    errors = more.pop("errors", [])
    field = Field(
        kind="email",
        name="email",
        label=tell("email"),
        value=address,
        errors=errors,  # type: ignore[arg-type]
    )
    return render_template(
        "intake/saved.html",
        here=here,
        said=here.profile.page("form", g.language),
        fields=[field],
        **{"late": False, "full": False, "mailed": "", "stays": False} | more,
    )
