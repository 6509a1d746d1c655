"""The form, page by page. Every post is saved before it is validated."""

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

STAYS = frozenset({"add", "remove"})  # buttons that change the page without leaving it


@bp.get("/draft/")
def resume() -> ResponseReturnValue:
    """Redirect to the first page that is not done, else to "send now or add"."""
    current = current_draft.open_draft()
    core = steps.core(current.steps, current.profile)
    ahead = [step for step in core if step.id not in current.draft.done]
    if current.draft.proposal_id is not None or not ahead:
        return redirect(url_for("submit.more_questions"), 303)
    return redirect(url_for(".page", name=ahead[0].id), 303)


@bp.get("/draft/<name>")
def page(name: str) -> ResponseReturnValue:
    """One page of the form, with the answers so far."""
    current = current_draft.open_draft()
    if current.draft.proposal_id is not None:
        return redirect(url_for("submit.receipt"), 303)
    step = steps.named(current.steps, name)
    if step is None or step.kind == "send":
        raise NotFound
    return _page(current, step, {})


@bp.post("/draft/<name>")
def save(name: str) -> ResponseReturnValue:
    """Save the page; then add or remove a row, stop for now, or validate it and continue."""
    trusted = browser.trusted_form()
    later = request.form.get("go") == "later"
    stays = not STAYS.isdisjoint(request.form)
    errors: dict[str, Any] = {}
    with db.begin() as session:
        current = current_draft.lock_draft(session)
        step = steps.named(current.steps, name)
        if step is None or step.kind == "send":
            raise NotFound
        form = current_draft.parse(current, step.questions)
        already_sent = current.draft.proposal_id is not None
        if trusted and not already_sent:
            current = current_draft.save(current, step.questions, form)
            errors = {} if later or stays else _validate(current, step, form)
    if already_sent:
        return current_draft.already_sent_page()
    if not trusted:
        return _page(current, step, {}, form=form, alert="timed_out"), 400
    if later:
        return redirect(url_for("save_and_return.saved"), 303)
    if errors or stays:
        return _page(current, step, errors, form=form), 422 if errors else 200
    return redirect(_next(current, step), 303)


def _validate(current: CurrentDraft, step: Step, form: ParsedForm) -> dict[str, Any]:
    """The errors on the page; without any it counts as done."""
    errors = current_draft.problems(current, step.questions)
    errors |= current_draft.branch_problems(current, form)
    done = [name for name in current.draft.done if name != step.id]
    current.draft.done = done if errors else [*done, step.id]
    return errors


def _next(current: CurrentDraft, step: Step) -> str:
    """The address after a page without errors."""
    if current.back:
        return url_for("submit.check")
    following = steps.after(current.steps, step.id, current.profile)
    return url_for(".page", name=following.id) if following else url_for("submit.more_questions")


def _page(
    current: CurrentDraft,
    step: Step,
    errors: dict[str, Any],
    *,
    form: ParsedForm | None = None,
    alert: str = "",
) -> str:
    core = steps.core(current.steps, current.profile)
    is_first = bool(core) and step.id == core[0].id
    button, back = _way_on(current, step)
    return render_template(
        "intake/form.html",
        step=step,
        draft=current.draft,
        kept=current_draft.kept_until_text(current),
        fields=fields.fields_of(current_draft.form_values(current, errors, form), step.questions),
        steps=current_draft.step_list(current, step.id) if step in core else [],
        minutes=steps.minutes_left(current.steps, current.draft.done, current.profile),
        intro=current.profile.page("form", g.language)["before"] if is_first else "",
        button=button,
        back=back,
        alert=alert,
    )


def _way_on(current: CurrentDraft, step: Step) -> tuple[str, str]:
    """The label of the button, and the address of the page before."""
    if current.back:
        return "save_back", url_for("submit.check")
    if step.kind != "core":
        return "save_topic", url_for("submit.more_questions")
    previous = steps.before(current.steps, step.id, current.profile)
    return "save_on", url_for(".page", name=previous.id) if previous else ""
