"""How the services stand, for administrators; what they decide about parked events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from services.review import identity, operations, words
from services.review.forms.operations import Again, Discard
from services.review.models import ServiceView
from services.review.operations import Settling
from services.review.routes.account import OPEN_TOO_LONG
from shared import db, references
from shared.events import SERVICES
from shared.profile import versions
from shared.web.problems import Problem
from shared.web.ui import look

bp = Blueprint("operations", __name__)

DONE = {
    "again": "It is tried again within seconds. If it cannot be handled, it comes back here.",
    "discard": "It is set aside for good and stays as a record.",
}


@bp.get("/operations")
def page() -> str:
    """Every service with what waits in it; what needs a person stands first."""
    return _page()


@bp.post("/operations/<service>/<event>/again")
def again(service: str, event: str) -> Response:
    """Have a parked event tried again."""
    return _settled(Again(), service, event, "again")


@bp.post("/operations/<service>/<event>/discard")
def discard(service: str, event: str) -> Response:
    """Set a parked event aside for good."""
    return _settled(Discard(), service, event, "discard")


def _settled(form: FlaskForm, service: str, event: str, answer: str) -> Response:
    if not form.validate():
        if form.csrf_token.errors:
            raise Problem(400, "open_too_long", OPEN_TOO_LONG)
        raise Problem(422, "reason", form.reason.errors[0])
    try:
        event_id = UUID(event)
    except ValueError:
        raise Problem(404, "no_event", "There is no such event.") from None
    if service not in SERVICES:
        raise Problem(404, "no_service", "There is no such service.")
    reason = form.reason.data if answer == "discard" else ""
    with db.begin() as session:
        wanted = Settling(service, event_id, answer, reason)
        operations.settle(session, wanted, by=identity.member())
    return redirect(url_for("operations.page", done=answer), 303)


def _page() -> str:
    with db.read() as session:
        look.use(versions.in_force(session))
        views = operations.all_of(session)
        doubtful = operations.doubtful(session)
    shown = [_shown(service, views.get(service)) for service in SERVICES]
    mail = next((one["mail"] for one in shown if one["mail"]), None)
    return render_template(
        "review/operations.html",
        services=shown,
        mail=mail,
        parked=[
            event | {"service": one["name"], "why": words.parked(event["reason"])}
            for one in shown
            for event in one["events"]
        ],
        doubtful=[
            {
                "reference": references.shown(case.reference),
                "mail": words.mail(fate.kind)[0],
                "at": fate.changed_at,
            }
            for case, fate in doubtful
        ],
        well=all(one["tone"] == "ok" for one in shown) and not doubtful,
        done=DONE.get(request.args.get("done", "")),
    )


def _shown(service: str, view: ServiceView | None) -> dict[str, Any]:
    if view is None:
        return {"name": service, "tone": "no", "word": "Not heard of yet", "events": [],
                "mail": None, "at": None, "waiting": 0, "parked": 0, "put_off": 0,
                "oldest_at": None, "troubles": []}  # fmt: skip
    body = _with_moments(view.body)
    silent = operations.is_silent(view)
    if silent:
        tone, word = "no", "Silent"
    elif body["troubles"] or body["parked"]:
        tone, word = "ask", "Needs a look"
    else:
        tone, word = "ok", "Works"
    return {
        **body,
        "name": service,
        "tone": tone,
        "word": word,
        "silent": silent,
        "events": body["parked_events"],
        "at": view.changed_at,
    }


def _with_moments(value: Any, name: str = "") -> Any:
    """The state as it was told, with its moments as moments again."""
    if isinstance(value, dict):
        return {key: _with_moments(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_moments(inner, name) for inner in value]
    if name.endswith("_at") and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value
