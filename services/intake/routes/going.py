"""The draft of this browser as pages need it: opened, read from a post, kept, judged, shown."""

from datetime import datetime
from typing import Any, NamedTuple

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.intake import drafts
from services.intake.forms import steps, typed
from services.intake.forms.controls import Shown
from services.intake.forms.steps import Step
from services.intake.forms.typed import Typed
from services.intake.models import Draft
from services.intake.routes import visit
from services.intake.words import tell
from shared import db, logs
from shared.profile import Profile, answers, branch_of

log = logs.logger(__name__)

BACK = "check"  # the one page that a page of the form may lead back to


class Going(NamedTuple):
    """A draft as the pages see it."""

    profile: Profile
    draft: Draft
    branch: str
    body: dict[str, Any]  # the answers that count
    steps: list[Step]

    @property
    def kept_until(self) -> datetime:
        """When it is forgotten, if nobody changes it before."""
        return self.draft.changed_at + drafts.KEPT

    @property
    def back(self) -> str:
        """Where somebody came from who only changes an answer."""
        return BACK if request.args.get("back") == BACK else ""


class Lost(Exception):
    """No draft here: none was begun, its cookie is gone, or the profile has lost its branch."""


def opened() -> Going:
    """The draft of this browser. Raises Lost, which is answered by the page `lost`."""
    with db.read() as session:
        return _found(session, hold=False)


def held(session: Session) -> Going:
    """As `opened`, held against other requests until this transaction ends."""
    return _found(session, hold=True)


def _found(session: Session, *, hold: bool) -> Going:
    draft = visit.draft(session, hold=hold)
    profile = visit.profile(session, draft.typed if draft else None)
    if draft is None:
        raise Lost
    body = drafts.body(profile, draft)
    branch = branch_of(profile, body)
    if branch is None:
        raise Lost
    return Going(profile, draft, branch, body, steps.steps(profile, branch, body))


def read(here: Going, questions: list[dict[str, Any]]) -> Typed:
    """What the posted page says; a name that no control has is worth a line in the log."""
    strange = typed.strangers(questions, request.form)
    if strange:
        named = [name[:40] for name in strange[:10]]
        log.warning("mass_assignment_attempt", names=named, count=len(strange))
    return typed.read(questions, request.form)


def keep(here: Going, questions: list[dict[str, Any]], said: Typed) -> Going:
    """Write it into the draft, which is held."""
    unusable = wrong_branch(here, said)
    keys = [spec["key"] for spec in questions if spec["key"] not in unusable]
    draft = here.draft
    drafts.save(draft, keys=keys, typed=said.answers, not_sure=said.not_sure)
    draft.language = g.language
    visit.known_browser()
    body = drafts.body(here.profile, draft)
    branch = branch_of(here.profile, body) or here.branch
    return Going(here.profile, draft, branch, body, steps.steps(here.profile, branch, body))


def wrong(here: Going, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """What the schema says against the answers to these questions, by key."""
    keys = [spec["key"] for spec in questions]
    try:
        answers.load_some(here.profile, here.body, keys)
    except ValidationError as error:
        wrong: dict[str, Any] = answers.told(error, g.language)
        return wrong
    return {}


def wrong_branch(here: Going, said: Typed) -> dict[str, Any]:
    """What is wrong with the answer that picks the questions, if it is on this page.

    Such an answer is not kept: without a branch there would be no page on which to mend it.
    """
    key = here.profile.body["branch_question"]
    if key not in said.asked or branch_of(here.profile, said.answers) is not None:
        return {}
    try:
        answers.load_some(here.profile, said.answers, [key])
    except ValidationError as error:
        return {key: answers.told(error, g.language)[key]}
    return {}


def shown(here: Going, errors: dict[str, Any], said: Typed | None = None) -> Shown:
    """What the controls show: what was just typed, else what the draft holds."""
    kept = here.draft.typed | (said.answers if said else {})
    unsure = said.not_sure if said else here.draft.not_sure
    rows = said.rows if said else {}
    added = request.form.get("add", "")
    return Shown(here.profile, here.branch, kept, unsure, errors, rows, added)


def track(here: Going, current: str) -> list[dict[str, str]]:
    """The pages up to sending, for the list of steps; those that were saved can be opened."""
    found = []
    back = BACK if current == "send" else None
    for step in steps.core(here.steps, here.profile):
        done = step.id in here.draft.done
        state = "now" if step.id == current else "done" if done else ""
        address = url_for("drafts.page", name=step.id, back=back) if done else ""
        found.append({"title": step.title, "state": state, "href": address})
    last = next((step.title for step in here.steps if step.kind == "send"), "")
    state = "now" if current == "send" else ""
    return [*found, {"title": last, "state": state, "href": ""}]


def lost() -> ResponseReturnValue:
    """No draft here; what was typed on the page that was posted is shown, to be copied."""
    typed_texts = [
        value
        for name, values in request.form.lists()
        if name not in typed.CONTROLS
        for value in values
        if len(value) > 3
    ]
    page = render_template(
        "intake/plain.html",
        title=tell("lost_title"),
        paragraphs=[tell("lost_text")],
        typed=typed_texts,
        links=[
            (url_for("access.ask"), tell("ask_link")),
            (url_for("start.begin"), tell("new_form")),
        ],
    )
    return page, 400 if request.method == "POST" else 404


def already_sent() -> ResponseReturnValue:
    """What was sent does not change here any more."""
    page = render_template(
        "intake/plain.html",
        title=tell("sent_title"),
        paragraphs=[tell("sent_text")],
        links=[
            (url_for("sending.sent"), tell("open_receipt")),
            (url_for("start.begin"), tell("new_form")),
        ],
    )
    return page, 409
