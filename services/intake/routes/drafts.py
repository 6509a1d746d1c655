"""The form page by page; every post keeps what was typed before anything is judged."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from services.intake.forms import fields, steps
from services.intake.forms.parsing import ParsedForm
from services.intake.forms.steps import Step
from services.intake.routes import browser, current_draft
from services.intake.routes.current_draft import CurrentDraft
from shared import db

bp = Blueprint("drafts", __name__)

STAYS = frozenset({"add", "remove"})  # buttons that change the page and do not leave it


@bp.get("/draft/")
def resume() -> ResponseReturnValue:
    """The first page that still lacks something, else the page from which one sends."""
    here = current_draft.open_draft()
    ahead = [one for one in steps.core(here.steps, here.profile) if one.id not in here.draft.done]
    if here.draft.proposal_id is not None or not ahead:
        return redirect(url_for("submit.more_questions"), 303)
    return redirect(url_for(".page", name=ahead[0].id), 303)


@bp.get("/draft/<name>")
def page(name: str) -> ResponseReturnValue:
    """One page of the form with what was typed so far."""
    here = current_draft.open_draft()
    if here.draft.proposal_id is not None:
        return redirect(url_for("submit.receipt"), 303)
    step = steps.named(here.steps, name)
    if step is None or step.kind == "send":
        raise NotFound
    return _page(here, step, {})


@bp.post("/draft/<name>")
def save(name: str) -> ResponseReturnValue:
    """Keep the page; then a row more or less, stop for now, or judge it and go on."""
    trusted = browser.trusted_form()
    later = request.form.get("go") == "later"
    stays = not STAYS.isdisjoint(request.form)
    errors: dict[str, Any] = {}
    with db.begin() as session:
        here = current_draft.lock_draft(session)
        step = steps.named(here.steps, name)
        if step is None or step.kind == "send":
            raise NotFound
        form = current_draft.parse(here, step.questions)
        already_sent = here.draft.proposal_id is not None
        if trusted and not already_sent:
            here = current_draft.save(here, step.questions, form)
            errors = {} if later or stays else _validate(here, step, form)
    if already_sent:
        return current_draft.already_sent_page()
    if not trusted:
        return _page(here, step, {}, form=form, alert="timed_out"), 400
    if later:
        return redirect(url_for("save_and_return.saved"), 303)
    if errors or stays:
        return _page(here, step, errors, form=form), 422 if errors else 200
    return redirect(_next(here, step), 303)


def _validate(here: CurrentDraft, step: Step, form: ParsedForm) -> dict[str, Any]:
    """What is wrong on the page, which counts as done where nothing is."""
    errors = current_draft.problems(here, step.questions)
    errors |= current_draft.branch_problems(here, form)
    done = [name for name in here.draft.done if name != step.id]
    here.draft.done = done if errors else [*done, step.id]
    return errors


def _next(here: CurrentDraft, step: Step) -> str:
    """Where one goes from a page on which nothing is wrong."""
    if here.back:
        return url_for("submit.check")
    following = steps.after(here.steps, step.id, here.profile)
    return url_for(".page", name=following.id) if following else url_for("submit.more_questions")


def _page(
    here: CurrentDraft,
    step: Step,
    errors: dict[str, Any],
    *,
    form: ParsedForm | None = None,
    alert: str = "",
) -> str:
    core = steps.core(here.steps, here.profile)
    is_first = bool(core) and step.id == core[0].id
    button, back = _way_on(here, step)
    return render_template(
        "intake/form.html",
        step=step,
        draft=here.draft,
        kept=current_draft.kept(here),
        fields=fields.fields_of(current_draft.form_values(here, errors, form), step.questions),
        steps=current_draft.step_list(here, step.id) if step.kind == "core" else [],
        minutes=steps.minutes_left(here.steps, here.draft.done, here.profile),
        intro=here.profile.page("form", g.language)["before"] if is_first else "",
        button=button,
        back=back,
        alert=alert,
    )


def _way_on(here: CurrentDraft, step: Step) -> tuple[str, str]:
    """The label of the button, and the address of the page before."""
    if here.back:
        return "save_back", url_for("submit.check")
    if step.kind != "core":
        return "save_topic", url_for("submit.more_questions")
    previous = steps.before(here.steps, step.id, here.profile)
    return "save_on", url_for(".page", name=previous.id) if previous else ""
