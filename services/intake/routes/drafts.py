"""The form page by page; every post keeps what was typed before anything is judged."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from services.intake import drafts
from services.intake.forms import controls, steps
from services.intake.forms.steps import Step
from services.intake.forms.typed import Typed
from services.intake.routes import going, visit
from services.intake.routes.going import Going
from shared import db

bp = Blueprint("drafts", __name__)


@bp.get("/draft/")
def resume() -> ResponseReturnValue:
    """The first page that still lacks something, else the page from which one sends."""
    here = going.opened()
    ahead = [one for one in steps.core(here.steps, here.profile) if one.id not in here.draft.done]
    if here.draft.proposal_id is not None or not ahead:
        return redirect(url_for("sending.more"), 303)
    return redirect(url_for(".page", name=ahead[0].id), 303)


@bp.get("/draft/<name>")
def page(name: str) -> ResponseReturnValue:
    """One page of the form with what was typed so far."""
    here = going.opened()
    if here.draft.proposal_id is not None:
        return redirect(url_for("sending.sent"), 303)
    step = steps.named(here.steps, name)
    if step is None or step.kind == "send":
        raise NotFound
    return _page(here, step, {})


@bp.post("/draft/<name>")
def save(name: str) -> ResponseReturnValue:
    """Keep the page; then a row more or less, stop for now, or judge it and go on."""
    trusted = visit.trusted_form()
    here = going.opened()
    if here.draft.proposal_id is not None:
        return going.already_sent()
    step = steps.named(here.steps, name)
    if step is None or step.kind == "send":
        raise NotFound
    said = going.read(here, step.questions)
    if not trusted:
        return _page(here, step, {}, said=said, late=True), 400
    with db.begin() as session:
        here = going.keep(session, here, step.questions, said)
    if request.form.get("go") == "later":
        return redirect(url_for("stopping.saved"), 303)
    if "add" in request.form or "remove" in request.form:
        return _page(here, step, {}, said=said)
    return _judged(here, step, said)


def _judged(here: Going, step: Step, said: Typed) -> ResponseReturnValue:
    errors = going.wrong(here, step.questions) | going.wrong_branch(here, said)
    with db.begin() as session:
        draft = drafts.locked(session, here.draft)
        done = [name for name in draft.done if name != step.id]
        draft.done = done if errors else [*done, step.id]
    here = here._replace(draft=draft)
    if errors:
        return _page(here, step, errors, said=said), 422
    if here.back:
        return redirect(url_for("sending.check"), 303)
    following = steps.after(here.steps, step.id, here.profile)
    if following is None:
        return redirect(url_for("sending.more"), 303)
    return redirect(url_for(".page", name=following.id), 303)


def _page(
    here: Going,
    step: Step,
    errors: dict[str, Any],
    *,
    said: Typed | None = None,
    late: bool = False,
) -> str:
    ahead = steps.core(here.steps, here.profile)
    return render_template(
        "intake/form.html",
        here=here,
        step=step,
        fields=controls.fields_of(going.shown(here, errors, said), step.questions),
        track=going.track(here, step.id) if step.kind == "core" else [],
        minutes=steps.minutes_left(here.steps, here.draft.done, here.profile),
        previous=steps.before(here.steps, step.id, here.profile),
        first=bool(ahead) and step.id == ahead[0].id,
        said=here.profile.page("form", g.language),
        late=late,
    )
