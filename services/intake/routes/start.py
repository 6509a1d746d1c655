"""Before the form: the start page, the first question, all questions, privacy, accessibility."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from werkzeug.exceptions import NotFound

from services.intake.access import browser_grants
from services.intake.drafts import drafts
from services.intake.forms import fields, parsing, questionnaire, steps
from services.intake.forms.fields import FormValues
from services.intake.models import Draft
from services.intake.routes import browser, rate_limits
from shared import calendar, db, references
from shared.profile import Profile, branch_of
from shared.profile.answers import validation
from shared.tables import now
from shared.web.ui import filters
from shared.web.ui.fields import Field

bp = Blueprint("start", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    """What a microcredential is, the ways in, and the dates for an idea that is sent today."""
    with db.read() as session:
        profile = browser.profile(session)
        draft = browser.draft(session)
    if not request.cookies and not request.args:
        return _cached_home(profile)
    return _home_page(profile, draft if draft and draft.proposal_id is None else None)


def _cached_home(profile: Profile) -> str:
    """The start page for first-time visitors. It holds nothing personal, so it is rendered once a
    day, profile and language.
    """
    cache: dict[Any, str] = current_app.extensions.setdefault("start pages", {})
    key = (profile, calendar.local_day(profile, now()), request.script_root, g.language)
    page = cache.get(key)
    if page is None:
        page = _home_page(profile, None)
        if any(each[:2] != key[:2] for each in cache):
            cache.clear()  # of yesterday
        cache[key] = page
    return page


def _home_page(profile: Profile, draft: Draft | None) -> str:
    at = now()
    promised = calendar.promises(profile, at)
    texts = profile.page("start", g.language)
    dates = {name: promised[f"{name}_by"] for name in browser.PROMISES}  # type: ignore[literal-required]
    return render_template(
        "intake/start.html",
        texts=texts,
        facts={"today": filters.day(calendar.local_day(profile, at))},
        promised=browser.promised(profile, dates, at_once=browser.fill(texts["at_once"])),
        draft=draft,
    )


@bp.get("/start")
def begin() -> ResponseReturnValue:
    """The one question that picks the others; `as` names the branches of the chosen way in."""
    with db.read() as session:
        profile = browser.profile(session)
        draft = browser.draft(session)
    offered = [name for name in request.args.get("as", "").split(",") if name in profile.branches]
    answers = {profile.body["branch_question"]: offered[0]} if len(offered) == 1 else {}
    unsent = draft if draft and draft.proposal_id is None else None
    errors = {} if request.args.get("fix") is None else _missing_branch(profile)
    return _begin_page(profile, answers, offered=offered, errors=errors, draft=unsent)


@bp.post("/start")
def begin_submit() -> ResponseReturnValue:
    """Begin a draft in this browser."""
    trusted = browser.trusted_form()
    with db.read() as session:
        profile = browser.profile(session)
    key = profile.body["branch_question"]
    answers = parsing.read([profile.question(key)], request.form).answers
    if not trusted:
        return _begin_page(profile, answers, alert="timed_out"), 400
    if branch_of(profile, answers) is None:
        again: dict[str, Any] = {"as": request.form.get("as", "")[:60] or None, "fix": ""}
        return redirect(url_for(".begin", **again), 303)
    with db.begin() as session:
        rate_limits.check_begin(session)
        draft = drafts.begin(session, language=g.language, typed=answers)
        browser.grant(session, draft, lasts=browser_grants.DRAFT_GRANT)
    first = steps.core(steps.steps(profile, answers[key], answers), profile)[0]
    return redirect(
        url_for("drafts.page", draft=references.display(draft.reference), name=first.id), 303
    )


def _begin_page(
    profile: Profile,
    answers: dict[str, Any],
    *,
    offered: Sequence[str] = (),
    errors: dict[str, Any] | None = None,
    **context: Any,
) -> str:
    spec = profile.question(profile.body["branch_question"])
    if len(offered) > 1:
        spec = spec | {"choices": [each for each in spec["choices"] if each["value"] in offered]}
    values = FormValues(profile, "", answers, [], errors=errors or {})
    chosen = offered[0] if len(offered) == 1 else ""
    asked = fields.fields_of(values, [spec])
    return render_template(
        "intake/begin.html",
        texts=profile.page("form", g.language),
        fields=[Field(kind="hidden", name=spec["key"], label="", value=chosen)]
        if chosen
        else asked,
        question=asked[0].label,
        chosen=profile.choice_label(spec, "", chosen) if chosen else "",
        offered=",".join(offered),
        **context,
    )


def _missing_branch(profile: Profile) -> dict[str, Any]:
    """The error of a page on which nobody has chosen who they are."""
    key = profile.body["branch_question"]
    try:
        validation.load_some(profile, {}, [key])
    except ValidationError as error:
        messages: dict[str, Any] = validation.messages_in(error, g.language)
        return messages
    return {}


@bp.get("/questions/")
@bp.get("/questions/<branch>")
def questions(branch: str = "") -> ResponseReturnValue:
    """Every question of a branch on one page, to read or print before the form."""
    with db.read() as session:
        profile = browser.profile(session)
    if branch and branch not in profile.branches:
        raise NotFound
    choices = profile.question(profile.body["branch_question"])["choices"]
    branch = branch or profile.branches[0]
    return render_template(
        "intake/questions.html",
        choices=choices,
        branch=branch,
        sections=questionnaire.sections(profile, branch),
    )


@bp.get("/privacy")
def privacy() -> ResponseReturnValue:
    """The privacy notice."""
    with db.read() as session:
        profile = browser.profile(session)
    return render_template("intake/privacy.html", texts=profile.page("privacy", g.language))


@bp.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """What was tested, what was not, and whom to tell about a problem."""
    with db.read() as session:
        browser.profile(session)
    return render_template("intake/accessibility.html")
