"""Closed by default: an endpoint of review admits only the roles that are listed here."""

from flask import Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.review import identity
from services.review.forms import kept_fields
from services.review.forms.sign_in import SignIn, own_path
from services.review.lifecycle.actions import TRANSITIONS, CaseAction
from services.review.models.people import ROLES, Role
from services.review.models.states import LetterKind
from shared.web.guards import operators
from shared.web.problems import Problem

PUBLIC = {
    "health.alive",
    "health.ready",
    "metrics.metrics",  # checks loopback or the token itself
    "ui.asset",
    "ui.brand",
    "ui.icon",
    "account.sign_in",
    "account.sign_in_submit",
    "password_links.request_form",
    "password_links.request_link",
    "password_links.show",  # the link is the permission
    "password_links.choose_password",
}
API = {"api.list_cases", "api.show_case"}  # a bearer token instead of a cookie

EVERYBODY = frozenset(ROLES)
ADMINS = frozenset({Role.ADMIN})
NO_ACCESS = "Your role does not allow this. Ask an administrator if you need access."
NO_CASES = "Administrators don’t see cases."
READERS = EVERYBODY - ADMINS  # administrators do not see cases

OWN_ACCOUNT = ("account.page", "account.change_password", "account.sign_out")
LETTER_ACTS: dict[str, CaseAction] = {  # these share the pages of the letter
    "decisions.page": CaseAction.DRAFT_LETTER,
    "decisions.draft": CaseAction.DRAFT_LETTER,
    "decisions.edit": CaseAction.EDIT_LETTER,
    "decisions.discard": CaseAction.DISCARD_LETTER,
    "decisions.release": CaseAction.SEND_LETTER,
}
LETTER_FORMS = ("decisions.edit", "decisions.discard", "decisions.release")
_AT_THE_LETTER = {*LETTER_ACTS.values(), *(CaseAction(kind) for kind in LetterKind)}
# The route of every other act that people do is named after it: cases.add_note for ADD_NOTE.
CASE_ACTS: dict[str, CaseAction] = LETTER_ACTS | {
    f"cases.{action.slug}": action
    for action, transition in TRANSITIONS.items()
    if transition.roles and action not in _AT_THE_LETTER
}
RULES: dict[str, frozenset[str]] = {
    **dict.fromkeys(OWN_ACCOUNT, EVERYBODY),
    "account.end_session": EVERYBODY,
    "account.choose_notifications": EVERYBODY,
    "monitoring.page": ADMINS,
    "monitoring.retry_event": ADMINS,
    "monitoring.discard_event": ADMINS,
    "staff.page": ADMINS,
    "staff.invite": ADMINS,
    "staff.invite_again": ADMINS,
    "staff.change_role": ADMINS,
    "staff.deactivate": ADMINS,
    "staff.reactivate": ADMINS,
    "queue.page": EVERYBODY,
    "cases.page": READERS,
    "decisions.letter": READERS,
    **{endpoint: TRANSITIONS[action].roles for endpoint, action in CASE_ACTS.items()},
}


def init_app(app: Flask) -> None:
    """Guard every route of this app, those that are added later too."""
    identity.init_app(app)
    app.before_request(_guard)


def _guard() -> Response | str | tuple[str, int] | None:
    if request.endpoint in PUBLIC:
        return None
    if request.path.startswith("/api/") or request.endpoint in API:
        _require_token()
        return None
    if identity.current() is None:
        return _sign_in_first()
    identity.record_activity()
    return _refuse_or_pass(request.endpoint)


def _refuse_or_pass(endpoint: str | None) -> Response | None:
    member = identity.member()
    if endpoint is None:
        return None  # 404 or 405, which only signed-in people get to see
    if member.must_change and endpoint not in OWN_ACCOUNT:
        return redirect(url_for("account.page"), 303)
    if member.role not in RULES.get(endpoint, frozenset()):
        raise Problem(403, "role", NO_CASES if member.role == Role.ADMIN else NO_ACCESS)
    return None


def _sign_in_first() -> Response | tuple[str, int]:
    """Show the sign-in page, which leads back here. If a session ran out, the long texts of the
    posted form travel along and are shown again afterwards; only same-origin pages may do that.
    """
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "same-origin":
        form = SignIn(formdata=None, data={"next": _page_of_form()})
        kept = kept_fields.of_lost_form()
        return render_template("review/sign_in.html", form=form, kept=kept, expired=True), 401
    path = own_path(request.full_path.rstrip("?") if request.method == "GET" else "/")
    return redirect(url_for("account.sign_in", next=path if path != "/" else None), 303)


def _page_of_form() -> str:
    """The page to return to, which is never the address of an act: that of the case or letter."""
    reference = (request.view_args or {}).get("reference")
    if not reference:
        return "/"
    page = "decisions.letter" if request.endpoint in LETTER_FORMS else "cases.page"
    return own_path(url_for(page, reference=reference))


def _require_token() -> None:
    """Ask for the bearer token of the API, for unknown addresses too."""
    if not operators.has_token():
        raise Problem(
            401,
            "token",
            "Send the API token of this service as Authorization: Bearer …",
            headers={"WWW-Authenticate": "Bearer"},
        )


__all__ = ["API", "PUBLIC", "RULES", "init_app"]
