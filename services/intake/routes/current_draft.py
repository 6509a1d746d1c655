"""The draft of this browser: open it, save a posted page, validate it, show it."""

from typing import Any, NamedTuple

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.intake.drafts import drafts, versions
from services.intake.drafts.versions import Answers, PageView
from services.intake.forms import parsing, past_months, steps, two_versions
from services.intake.forms.fields import FormValues
from services.intake.forms.parsing import ParsedForm
from services.intake.forms.steps import Step
from services.intake.models import Draft
from services.intake.routes import browser
from shared import calendar, db, logs
from shared.profile import Profile, branch_of
from shared.profile.answers import validation
from shared.tables import now
from shared.web.ui import filters
from shared.web.ui.steps import StepState

log = logs.logger(__name__)

BACK = "check"  # the only page to which a page of the form may lead back


class CurrentDraft(NamedTuple):
    """The draft with its profile and pages."""

    profile: Profile
    draft: Draft
    branch: str
    body: dict[str, Any]  # the answers that count
    steps: list[Step]

    @property
    def back(self) -> str:
        """The page to return to after changing one answer; "" for none."""
        return BACK if request.args.get("back") == BACK else ""


class NoDraft(Exception):
    """No draft here: none was begun, its cookie is gone, or the profile has lost its branch."""


def open_draft() -> CurrentDraft:
    """The draft of this browser. Raises NoDraft, which `no_draft_page` answers."""
    with db.read() as session:
        return _load(session, hold=False)


def lock_draft(session: Session) -> CurrentDraft:
    """As `open_draft`, locked against other requests until this transaction ends."""
    return _load(session, hold=True)


def _load(session: Session, *, hold: bool) -> CurrentDraft:
    draft = browser.draft(session, hold=hold)
    profile = browser.profile(session, draft.typed if draft else None)
    if draft is None:
        raise NoDraft
    body = drafts.counted_answers(profile, draft)
    branch = branch_of(profile, body)
    if branch is None:
        raise NoDraft
    return CurrentDraft(profile, draft, branch, body, steps.steps(profile, branch, body))


def parse(current: CurrentDraft, questions: list[dict[str, Any]]) -> ParsedForm:
    """The posted page. A name that no control has is logged."""
    unknown = parsing.unknown_names(questions, request.form)
    if unknown:
        names = [name[:40] for name in unknown[:10]]
        log.warning("mass_assignment_attempt", names=names, count=len(unknown))
    return parsing.read(questions, request.form)


def posted_view() -> PageView:
    """The opened page that was posted."""
    return PageView.read(request.form.get("view", ""), request.form.get("seen", ""))


def save(current: CurrentDraft, questions: list[dict[str, Any]], form: ParsedForm) -> CurrentDraft:
    """Write what the posted page has changed into the draft, which is locked."""
    unusable = branch_problems(current, form)
    usable = [spec for spec in questions if spec["key"] not in unusable]
    draft = current.draft
    typed = Answers(form.answers, form.not_sure)
    versions.merge(draft, usable, typed=typed, view=posted_view())
    drafts.record_change(current.profile, draft)
    draft.language = g.language
    browser.key()
    body = drafts.counted_answers(current.profile, draft)
    branch = branch_of(current.profile, body) or current.branch
    found = steps.steps(current.profile, branch, body)
    return CurrentDraft(current.profile, draft, branch, body, found)


def holds(current: CurrentDraft, questions: list[dict[str, Any]], form: ParsedForm) -> bool:
    """Whether the draft has what the posted page shows, so that nothing unseen is sent."""
    return versions.holds(current.draft, questions, typed=Answers(form.answers, form.not_sure))


def choice_page(current: CurrentDraft, step: Step, *, complete: bool) -> str:
    """The answers of two pages side by side; `complete` is False after a press without a choice."""
    return render_template(
        "intake/two_versions.html",
        step=step,
        hidden=hidden_fields(current, step.questions),
        fields=two_versions.fields_of(
            current.profile, current.draft, step.questions, current.branch, complete=complete
        ),
    )


def choose(current: CurrentDraft, questions: list[dict[str, Any]]) -> bool:
    """Settle what people chose on that page; whether a choice was made for every question."""
    waiting = two_versions.keys(current.draft, questions)
    chosen = {key: request.form.get(f"choose.{key}", "") for key in waiting}
    if request.form.get("version") == str(current.draft.version):
        versions.choose(current.draft, chosen=chosen, view=posted_view())
        drafts.record_change(current.profile, current.draft)
    return not two_versions.keys(current.draft, questions)


def waits(current: CurrentDraft) -> bool:
    """Whether answers that the schema accepts still need people: a choice, or a later month."""
    questions = [spec for step in current.steps for spec in step.questions]
    today = calendar.local_day(current.profile, now())
    late = past_months.problems(current.profile, current.body, today=today)
    return bool(late or two_versions.keys(current.draft, questions))


def problems(
    current: CurrentDraft, questions: list[dict[str, Any]], *, refused: str = ""
) -> dict[str, Any]:
    """The errors of the schema in the answers to these questions, by key. The answer to `refused`
    was not saved, and counts as missing.
    """
    keys = [spec["key"] for spec in questions]
    body = {key: value for key, value in current.body.items() if key != refused or key not in keys}
    today = calendar.local_day(current.profile, now())
    messages: dict[str, Any] = past_months.problems(current.profile, body, today=today)
    try:
        validation.load_some(current.profile, body, keys)
    except ValidationError as error:
        messages |= validation.messages_in(error, g.language)
    return {key: message for key, message in messages.items() if key in keys}


def kept(
    current: CurrentDraft, questions: list[dict[str, Any]], form: ParsedForm, *, version: str
) -> ResponseReturnValue:
    """The answer to the script of a page: its new marks, or that somebody was faster."""
    draft, typed = current.draft, Answers(form.answers, form.not_sure)
    seen = versions.seen_after(draft, questions, typed=typed, view=posted_view())
    if two_versions.keys(draft, questions) or draft.proposal_id is not None:
        return {"seen": seen, "version": version, "conflict": True}, 409
    return {"seen": seen, "version": version}, 200


def branch_problems(current: CurrentDraft, form: ParsedForm) -> dict[str, Any]:
    """The errors in the answer that picks the questions, if it is on this page.

    Such an answer is not saved: without a branch there would be no page on which to correct it.
    """
    key = current.profile.body["branch_question"]
    if key not in form.asked or branch_of(current.profile, form.answers) is not None:
        return {}
    try:
        validation.load_some(current.profile, form.answers, [key])
    except ValidationError as error:
        return {key: validation.messages_in(error, g.language)[key]}
    return {}


def hidden_fields(current: CurrentDraft, questions: list[dict[str, Any]]) -> dict[str, str]:
    """What a page with these questions carries, so that its answers meet those of other pages."""
    return {
        "view": versions.new_view(),
        "seen": versions.seen(current.draft, questions),
        "version": str(current.draft.version),
    }


def form_values(
    current: CurrentDraft, errors: dict[str, Any], form: ParsedForm | None = None
) -> FormValues:
    """The values of the controls: what a page that timed out had, else what the draft holds."""
    answers = current.draft.typed | (form.answers if form else {})
    unsure = form.not_sure if form else current.draft.not_sure
    rows = form.rows if form else parsing.read_rows(request.args.get("rows", ""))
    added = request.args.get("add", "")
    return FormValues(current.profile, current.branch, answers, unsure, errors, rows, added)


def step_list(current: CurrentDraft, step_id: str) -> list[dict[str, str]]:
    """The pages up to sending, for the list of steps; saved ones are buttons of the form."""
    items = []
    for step in steps.core(current.steps, current.profile):
        done = step.id in current.draft.done
        state = StepState.DONE if done else StepState.AHEAD
        if step.id == step_id:
            state = StepState.NOW
        items.append({"title": step.title, "state": state, "go": f"to:{step.id}" if done else ""})
    last = next((step.title for step in current.steps if step.kind == "send"), "")
    state = StepState.NOW if step_id == "send" else StepState.AHEAD
    return [*items, {"title": last, "state": state, "go": ""}]


def kept_until_text(current: CurrentDraft) -> str:
    """The sentence that says until when the draft is kept."""
    until = filters.day(current.draft.changed_at + drafts.KEPT_FOR)
    return browser.fill(current.profile.page("form", g.language)["saved"], day=until)


def no_draft_page() -> ResponseReturnValue:
    """No draft here. The page shows what was posted, so that people can copy it."""
    page = render_template(
        "intake/message.html",
        title=browser.translate("lost_title"),
        paragraphs=[browser.translate("lost_text")],
        typed=parsing.texts(request.form),
        links=[
            (url_for("sign_in_links.request_form"), browser.translate("ask_link")),
            (url_for("start.begin"), browser.translate("new_form")),
        ],
    )
    return page, 400 if request.method == "POST" else 404


def already_sent_page() -> ResponseReturnValue:
    """The draft was sent, so it cannot change anymore. People can copy what the idea lacks."""
    with db.read() as session:
        draft = browser.draft(session)
        sent = draft.proposal.answers if draft and draft.proposal else {}
    page = render_template(
        "intake/message.html",
        title=browser.translate("sent_title"),
        paragraphs=[browser.translate("sent_text")],
        typed=parsing.texts(request.form, beside=sent),
        links=[
            (url_for("submit.receipt"), browser.translate("open_receipt")),
            (url_for("start.begin"), browser.translate("new_form")),
        ],
    )
    return page, 409
