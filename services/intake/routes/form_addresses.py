"""The addresses of the form: each names its draft, and each way off a page saves the page first.

Routes of a draft have two rules, so that two tabs may hold two drafts: an address without a draft,
from before, redirects to the one with it. `url_for` adds the draft of the request, so no page has
to name it.
"""

from typing import Any, NamedTuple

from flask import Blueprint, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from services.intake import labels
from services.intake.routes import browser
from services.intake.routes.current_draft import NoDraft
from shared import db, references

NAME = "draft"  # of the reference in the rules
PAGES = {  # what the links of other pages lead to
    "home": "start.home",
    "questions": "start.questions",
    "mine": "status.own_proposals",
    "privacy": "start.privacy",
    "accessibility": "start.accessibility",
    "later": "save_and_return.saved",
    "more": "submit.more_questions",
}
BACK, CONTACT, STEP = "back", "contact", "to:"


def init(bp: Blueprint) -> None:
    """Read the draft from addresses, and add it to those that `url_for` makes."""
    bp.app_url_value_preprocessor(_read)
    bp.app_url_defaults(_add)
    bp.before_app_request(_redirect_to_named)


def _read(endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.draft_reference = references.parse(values.pop(NAME, "")) if values and NAME in values else ""


def _add(endpoint: str, values: dict[str, Any]) -> None:
    named = g.get("draft_reference")
    if named and NAME not in values and _has_draft(endpoint):
        values[NAME] = references.display(named)


def _has_draft(endpoint: str) -> bool:
    return current_app.url_map.is_endpoint_expecting(endpoint, NAME)


def _redirect_to_named() -> Response | None:
    """From an address without a draft to that of the posted draft, or of the one opened last."""
    if request.endpoint is None or g.get("draft_reference") != "":
        return None
    if not _has_draft(request.endpoint):
        return None
    if request.method == "POST":
        browser.check_form()
    with db.read() as session:
        draft = browser.draft(session)
        browser.profile(session)
    if draft is None:
        raise NoDraft
    g.draft_reference = draft.reference
    address = url_for(request.endpoint, **(request.view_args or {}))
    query = request.query_string.decode("latin-1")
    return redirect(
        f"{address}?{query}" if query else address, 307 if request.method == "POST" else 303
    )


class Pressed(NamedTuple):
    """The button of the posted form: its way off the page, or what it changes on the page."""

    go: str
    language: str
    add: str
    remove: str

    @classmethod
    def read(cls) -> "Pressed":
        """The button that was pressed."""
        values = [request.form.get(name, "")[:60] for name in ("go", "lang", "add", "remove")]
        go, language, add, remove = values
        return cls(go, language if language in labels.LABELS else "", add, remove)

    @property
    def stays(self) -> bool:
        """Whether the same page follows, with another row or in another language."""
        return bool(self.language or self.add or self.remove)

    @property
    def leaves(self) -> bool:
        """Whether another page follows, whatever is missing on this one."""
        return self.go in (*PAGES, BACK, CONTACT) or self.go.startswith(STEP)

    @property
    def keeps(self) -> bool:
        """Whether the script of the page saves what is typed; the page stays open."""
        return self.go == "keep"

    @property
    def advances(self) -> bool:
        """Whether the page after this one is wanted, so that this one must be right."""
        return not (self.leaves or self.stays or self.keeps or self.chooses)

    @property
    def chooses(self) -> bool:
        """Whether people choose between answers of two pages."""
        return self.go == "choose"


def leave(pressed: Pressed, *, back: str) -> ResponseReturnValue:
    """Redirect to the page that the button names; `back` is the address of the page before."""
    if pressed.go.startswith(STEP):
        step, _, key = pressed.go.removeprefix(STEP).partition(".")
        at_question: dict[str, Any] = {"back": "check", "_anchor": key} if key else {}
        return redirect(url_for("drafts.page", name=step, **at_question) if step else back, 303)
    if pressed.go == CONTACT:
        return redirect(url_for("start.home", _anchor="ask"), 303)
    return redirect(url_for(PAGES[pressed.go]) if pressed.go in PAGES else back, 303)
