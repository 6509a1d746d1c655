"""The form, page by page. Every post is saved before it is validated, and ends in a redirect.

So the Back and Reload buttons of a browser never ask whether to send a form again.
"""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from services.intake.forms import fields, parsing, steps, two_versions
from services.intake.forms.parsing import ParsedForm
from services.intake.forms.steps import Step
from services.intake.routes import browser, current_draft, form_addresses
from services.intake.routes.current_draft import CurrentDraft
from services.intake.routes.form_addresses import Pressed
from shared import db
from shared.web import cookies

bp = Blueprint("drafts", __name__)

FIX = "fix"  # in the address: show what is wrong; its value names a refused answer


@bp.get("/draft/")
@bp.get("/draft/<draft>/")
def resume() -> ResponseReturnValue:
    """Redirect to the first page that is not done, else to "send now or add"."""
    current = current_draft.open_draft()
    core = steps.core(current.steps, current.profile)
    ahead = [step for step in core if step.id not in current.draft.done]
    if current.draft.proposal_id is not None or not ahead:
        return redirect(url_for("submit.more_questions"), 303)
    return redirect(url_for(".page", name=ahead[0].id), 303)


@bp.get("/draft/<name>")
@bp.get("/draft/<draft>/<name>")
def page(name: str) -> ResponseReturnValue:
    """One page of the form, with the answers so far and, if asked, what is wrong with them."""
    current = current_draft.open_draft()
    if current.draft.proposal_id is not None:
        return redirect(url_for("submit.receipt"), 303)
    step = _step(current, name)
    fix = request.args.get(FIX)
    if two_versions.keys(current.draft, step.questions):
        return current_draft.choice_page(current, step, complete=fix is None)
    errors = {} if fix is None else current_draft.problems(current, step.questions, refused=fix)
    return _page(current, step, errors)


@bp.post("/draft/<name>")
@bp.post("/draft/<draft>/<name>")
def save(name: str) -> ResponseReturnValue:
    """Save the page; then follow the button, or validate the page and continue."""
    trusted = browser.trusted_form(within=cookies.KEPT)
    pressed, fix = Pressed.read(), None
    with db.begin() as session:
        current = current_draft.lock_draft(session)
        step = _step(current, name)
        form = current_draft.parse(current, step.questions)
        already_sent = current.draft.proposal_id is not None
        if trusted and not already_sent and pressed.chooses:
            fix = None if current_draft.choose(current, step.questions) else ""
        elif trusted and not already_sent:
            current = current_draft.save(current, step.questions, form)
            fix = _validate(current, step, form) if pressed.advances else None
    if already_sent and not pressed.keeps:
        return current_draft.already_sent_page()
    if not trusted:
        return _page(current, step, {}, form=form, alert="timed_out"), 400
    return _follow(current, step, form, fix=fix)


def _follow(
    current: CurrentDraft, step: Step, form: ParsedForm, *, fix: str | None
) -> ResponseReturnValue:
    """After a page was saved: what its button asks for."""
    pressed = Pressed.read()
    if pressed.keeps:
        return current_draft.kept(
            current, step.questions, form, version=request.form.get("version", "")
        )
    waits = two_versions.keys(current.draft, step.questions)
    if pressed.chooses or (fix is not None and not waits) or pressed.stays:
        return _stay(current, step, form, fix=fix)
    if waits:
        return _stay(current, step, form, fix=None)
    if pressed.leaves:
        return form_addresses.leave(pressed, back=_before(current, step))
    return redirect(_next(current, step), 303)


def _step(current: CurrentDraft, name: str) -> Step:
    step = steps.named(current.steps, name)
    if step is None or step.kind == "send":
        raise NotFound
    return step


def _validate(current: CurrentDraft, step: Step, form: ParsedForm) -> str | None:
    """What to fix: "" for the errors of the page, else the answer that was refused; None if it is
    fine, and the page counts as done.
    """
    refused = current_draft.branch_problems(current, form)
    errors = refused or current_draft.problems(current, step.questions)
    wrong = bool(errors or two_versions.keys(current.draft, step.questions))
    done = [name for name in current.draft.done if name != step.id]
    current.draft.done = done if wrong else [*done, step.id]
    return next(iter(refused), "") if wrong else None


def _stay(
    current: CurrentDraft, step: Step, form: ParsedForm, *, fix: str | None
) -> ResponseReturnValue:
    """Redirect to the page itself, with as many rows as before."""
    pressed = Pressed.read()
    if pressed.language:
        browser.use_language(pressed.language)
    rows = parsing.written_rows(form.rows) or None
    values: dict[str, Any] = {
        "back": current.back or None,
        "rows": rows,
        "add": pressed.add or None,
        FIX: fix,
    }
    return redirect(url_for(".page", name=step.id, **values), 303)


def _next(current: CurrentDraft, step: Step) -> str:
    """The address after a page without errors."""
    if current.back:
        return url_for("submit.check")
    following = steps.after(current.steps, step.id, current.profile)
    return url_for(".page", name=following.id) if following else url_for("submit.more_questions")


def _before(current: CurrentDraft, step: Step) -> str:
    """The address of the page before."""
    if current.back:
        return url_for("submit.check")
    if step.kind != "core":
        return url_for("submit.more_questions")
    previous = steps.before(current.steps, step.id, current.profile)
    return url_for(".page", name=previous.id) if previous else url_for("start.begin")


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
    button = "save_back" if current.back else "save_on" if step.kind == "core" else "save_topic"
    return render_template(
        "intake/form.html",
        step=step,
        draft=current.draft,
        hidden=current_draft.hidden_fields(current, step.questions),
        kept=current_draft.kept_until_text(current),
        fields=fields.fields_of(current_draft.form_values(current, errors, form), step.questions),
        steps=current_draft.step_list(current, step.id) if step in core else [],
        minutes=steps.minutes_left(current.steps, current.draft.done, current.profile),
        intro=current.profile.page("form", g.language)["before"] if is_first else "",
        button=button,
        back="" if is_first and not current.back else form_addresses.BACK,
        alert=alert,
    )
