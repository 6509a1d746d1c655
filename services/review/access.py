"""Closed by default: every endpoint of review refuses everybody whom it is not opened to here."""

import hmac

from flask import Flask, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.review import identity
from services.review.forms.sign_in import SignIn, own_path
from services.review.models.people import LEADS, ROLES, WORKERS
from shared.web.problems import Problem

PUBLIC = {
    "health.alive",
    "health.ready",
    "metrics.metrics",  # asks for the machine itself or the token by its own
    "ui.asset",
    "ui.brand",
    "ui.icon",
    "account.sign_in",
    "account.enter",
    "keys.forgotten",
    "keys.ask",
    "keys.look",  # whoever has the link
    "keys.choose",
}
API = {"api.listed", "api.one"}  # for programs: a bearer token, no cookie

EVERYBODY = frozenset(ROLES)
ADMINS = frozenset({"admin"})
READERS = EVERYBODY - {"admin"}  # who sets things up does not thereby see cases

OWN_ACCOUNT = ("account.page", "account.change_password", "account.leave")
RULES: dict[str, frozenset[str]] = {
    **dict.fromkeys((*OWN_ACCOUNT, "account.end_session", "account.choose_mail"), EVERYBODY),
    "operations.page": ADMINS,
    "operations.again": ADMINS,
    "operations.discard": ADMINS,
    "people.page": ADMINS,
    "people.invite": ADMINS,
    "people.invite_again": ADMINS,
    "people.place": ADMINS,
    "people.let_out": ADMINS,
    "people.let_in": ADMINS,
    "queue.page": EVERYBODY,
    "cases.page": READERS,
    "cases.take": WORKERS,
    "cases.give_back": WORKERS,
    "cases.hand_over": WORKERS,
    "cases.pass_on": WORKERS,
    "cases.write": WORKERS,
    "cases.note": WORKERS,
    "cases.reopen": LEADS,
    "cases.settle": WORKERS,
    "decisions.page": WORKERS,
    "decisions.draft": WORKERS,
    "decisions.letter": READERS,
    "decisions.edit": WORKERS,
    "decisions.discard": WORKERS,
    "decisions.release": LEADS,
}


def init_app(app: Flask) -> None:
    """Guard every route of this app, also those that somebody adds later."""
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
    identity.show_life()
    return _refuse_or_pass(request.endpoint)


def _refuse_or_pass(endpoint: str | None) -> Response | None:
    member = identity.member()
    if endpoint is None:
        return None  # 404 or 405, said to those alone who may know what there is
    if member.must_change and endpoint not in OWN_ACCOUNT:
        return redirect(url_for("account.page"), 303)
    if member.role not in RULES.get(endpoint, frozenset()):
        raise Problem(403, "role", "Your role does not include this. Ask whoever added you.")
    return None


def _sign_in_first() -> Response | tuple[str, int]:
    """To the sign-in page and back. What was typed into a form whose session ran out stays with
    it: it is offered again after signing in, and only a page of ours may hand it over like this.
    """
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "same-origin":
        kept = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
        form = SignIn(formdata=None, data={"next": own_path(request.path)})
        return render_template("review/sign_in.html", form=form, kept=kept), 401
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    here = own_path(wanted)
    return redirect(url_for("account.sign_in", next=here if here != "/" else None), 303)


def _require_token() -> None:
    """Ask for the bearer token of the API; an address that does not exist is no exception."""
    token = current_app.config["API_TOKEN"]
    given = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        raise Problem(
            401,
            "token",
            "Send the API token of this service as Authorization: Bearer …",
            headers={"WWW-Authenticate": "Bearer"},
        )


__all__ = ["API", "PUBLIC", "RULES", "init_app"]
