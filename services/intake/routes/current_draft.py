"""The draft of this browser as pages need it: opened, read from a post, kept, judged, shown."""

from typing import Any, NamedTuple

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.intake.drafts import drafts
from services.intake.forms import parsing, steps
from services.intake.forms.fields import FormValues
from services.intake.forms.parsing import ParsedForm
from services.intake.forms.steps import Step
from services.intake.models import Draft
from services.intake.routes import browser
from shared import db, logs
from shared.profile import Profile, branch_of
from shared.profile.answers import validation
from shared.web.ui import filters
from shared.web.ui.steps import StepState

log = logs.logger(__name__)

BACK = "check"  # the one page that a page of the form may lead back to


class CurrentDraft(NamedTuple):
    """A draft as the pages see it."""

    profile: Profile
    draft: Draft
    branch: str
    body: dict[str, Any]  # the answers that count
    steps: list[Step]

    @property
    def back(self) -> str:
        """Where somebody came from who only changes an answer."""
        return BACK if request.args.get("back") == BACK else ""


class NoDraft(Exception):
    """No draft here: none was begun, its cookie is gone, or the profile has lost its branch."""


def open_draft() -> CurrentDraft:
    """The draft of this browser. Raises Lost, which is answered by the page `lost`."""
    with db.read() as session:
        return _load(session, hold=False)


def lock_draft(session: Session) -> CurrentDraft:
    """As `opened`, held against other requests until this transaction ends."""
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


def parse(here: CurrentDraft, questions: list[dict[str, Any]]) -> ParsedForm:
    """What the posted page says; a name that no control has is worth a line in the log."""
    strange = parsing.unknown_names(questions, request.form)
    if strange:
        named = [name[:40] for name in strange[:10]]
        log.warning("mass_assignment_attempt", names=named, count=len(strange))
    return parsing.read(questions, request.form)


def save(here: CurrentDraft, questions: list[dict[str, Any]], said: ParsedForm) -> CurrentDraft:
    """Write it into the draft, which is held."""
    unusable = branch_problems(here, said)
    keys = [spec["key"] for spec in questions if spec["key"] not in unusable]
    draft = here.draft
    drafts.save(draft, keys=keys, typed=said.answers, not_sure=said.not_sure)
    draft.language = g.language
    browser.ensure_browser()
    body = drafts.counted_answers(here.profile, draft)
    branch = branch_of(here.profile, body) or here.branch
    return CurrentDraft(here.profile, draft, branch, body, steps.steps(here.profile, branch, body))


def problems(here: CurrentDraft, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """What the schema says against the answers to these questions, by key."""
    keys = [spec["key"] for spec in questions]
    try:
        validation.load_some(here.profile, here.body, keys)
    except ValidationError as error:
        wrong: dict[str, Any] = validation.messages_in(error, g.language)
        return wrong
    return {}


def branch_problems(here: CurrentDraft, said: ParsedForm) -> dict[str, Any]:
    """What is wrong with the answer that picks the questions, if it is on this page.

    Such an answer is not kept: without a branch there would be no page on which to mend it.
    """
    key = here.profile.body["branch_question"]
    if key not in said.asked or branch_of(here.profile, said.answers) is not None:
        return {}
    try:
        validation.load_some(here.profile, said.answers, [key])
    except ValidationError as error:
        return {key: validation.messages_in(error, g.language)[key]}
    return {}


def form_values(
    here: CurrentDraft, errors: dict[str, Any], said: ParsedForm | None = None
) -> FormValues:
    """What the controls show: what was just typed, else what the draft holds."""
    kept = here.draft.typed | (said.answers if said else {})
    unsure = said.not_sure if said else here.draft.not_sure
    rows = said.rows if said else {}
    added = request.form.get("add", "")
    return FormValues(here.profile, here.branch, kept, unsure, errors, rows, added)


def step_list(here: CurrentDraft, current: str) -> list[dict[str, str]]:
    """The pages up to sending, for the list of steps; those that were saved can be opened."""
    back = BACK if current == "send" else None
    items = []
    for step in steps.core(here.steps, here.profile):
        done = step.id in here.draft.done
        state = StepState.DONE if done else StepState.AHEAD
        if step.id == current:
            state = StepState.NOW
        address = url_for("drafts.page", name=step.id, back=back) if done else ""
        items.append({"title": step.title, "state": state, "href": address})
    last = next((step.title for step in here.steps if step.kind == "send"), "")
    state = StepState.NOW if current == "send" else StepState.AHEAD
    return [*items, {"title": last, "state": state, "href": ""}]


def kept(here: CurrentDraft) -> str:
    """Until when the draft is kept, as a sentence."""
    until = filters.day(here.draft.changed_at + drafts.KEPT_FOR)
    return browser.fill(here.profile.page("form", g.language)["saved"], day=until)


def no_draft_page() -> ResponseReturnValue:
    """No draft here; what was typed on the page that was posted is shown, to be copied."""
    typed_texts = [
        value
        for name, values in request.form.lists()
        if name not in parsing.CONTROLS
        for value in values
        if len(value) > 3
    ]
    page = render_template(
        "intake/message.html",
        title=browser.translate("lost_title"),
        paragraphs=[browser.translate("lost_text")],
        typed=typed_texts,
        links=[
            (url_for("sign_in_links.request_form"), browser.translate("ask_link")),
            (url_for("start.begin"), browser.translate("new_form")),
        ],
    )
    return page, 400 if request.method == "POST" else 404


def already_sent_page() -> ResponseReturnValue:
    """What was sent does not change here any more."""
    page = render_template(
        "intake/message.html",
        title=browser.translate("sent_title"),
        paragraphs=[browser.translate("sent_text")],
        links=[
            (url_for("submit.receipt"), browser.translate("open_receipt")),
            (url_for("start.begin"), browser.translate("new_form")),
        ],
    )
    return page, 409
