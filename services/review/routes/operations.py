"""How the services stand, for administrators; what they decide about parked events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.review import alarms, identity, operations, words
from services.review.forms.operations import Again, Discard
from services.review.models import ParkedDeed, ServiceView
from services.review.operations import Doubtful, Settling
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
    "gone": "It is not set apart any more: somebody was faster, or it went through.",
}
ANSWERS = {"again": "had it tried again", "discard": "discarded it"}
LATELY = 10  # decisions that are listed

Page = str | tuple[str, int] | Response


@bp.get("/operations")
def page() -> Page:
    """Every service with what waits in it; what needs a person stands first."""
    return _page(Discard(formdata=None))


@bp.post("/operations/<service>/<event>/again")
def again(service: str, event: str) -> Page:
    """Have a parked event tried again."""
    form = Again()
    if not form.validate():
        raise Problem(400, "open_too_long", OPEN_TOO_LONG)
    return _settled(Settling(_known(service), _id(event), "again", ""))


@bp.post("/operations/<service>/<event>/discard")
def discard(service: str, event: str) -> Page:
    """Set a parked event aside for good; what was typed stands there again where it will not do."""
    form = Discard()
    if not form.validate():
        late = bool(form.csrf_token.errors)
        if late:
            form.reason.errors = [OPEN_TOO_LONG]
        return _page(form, about=f"{service}/{event}"), 400 if late else 422
    return _settled(Settling(_known(service), _id(event), "discard", form.reason.data))


def _known(service: str) -> str:
    if service not in SERVICES:
        raise Problem(404, "no_service", "There is no such service.")
    return service


def _id(event: str) -> UUID:
    try:
        return UUID(event)
    except ValueError:
        raise Problem(404, "no_event", "There is no such event.") from None


def _settled(wanted: Settling) -> Response:
    with db.begin() as session:
        done = operations.settle(session, wanted, by=identity.member())
    return redirect(url_for("operations.page", done=wanted.answer if done else "gone"), 303)


def _page(form: Discard, *, about: str = "") -> str:
    with db.read() as session:
        look.use(versions.in_force(session))
        views = operations.all_of(session)
        doubtful = operations.doubtful(session)
        deeds = operations.deeds(session)
    shown = [_shown(service, views.get(service)) for service in SERVICES]
    mail = next((one["mail"] for one in shown if one["mail"]), None)
    last = {f"{deed.service}/{deed.event_id}": deed for deed in reversed(deeds)}
    return render_template(
        "review/operations.html",
        services=shown,
        mail=mail,
        mail_since=_oldest(mail),
        parked=[_parked(event, one, last=last) for one in shown for event in one["events"]],
        doubtful=[_doubtful(one) for one in doubtful],
        deeds=[{"deed": deed, "did": ANSWERS[deed.answer]} for deed in deeds[:LATELY]],
        needy=[one["name"] for one in shown if one["tone"] != "ok"],
        done=DONE.get(request.args.get("done", "")),
        form=form,
        about=about,
    )


def _shown(service: str, view: ServiceView | None) -> dict[str, Any]:
    if view is None:
        return {"name": service, "tone": "no", "word": "Not heard of yet", "events": [],
                "mail": None, "at": None, "why": [], "waiting": 0, "parked": 0, "put_off": 0,
                "oldest_at": None, "troubles": []}  # fmt: skip
    body = _with_moments(view.body)
    silent = operations.is_silent(view)
    why = [words.alarm(cause) for cause in alarms.causes(view)]
    if silent:
        tone, word = "no", "Silent"
    elif why or body["troubles"]:
        tone, word = "ask", "Needs a look"
    elif body["mail"] and body["mail"]["stopped"]:
        tone, word = "ask", "Mail is stopped"
    else:
        tone, word = "ok", "Works"
    return {
        **body,
        "name": service,
        "tone": tone,
        "word": word,
        "why": why,
        "silent": silent,
        "events": body["parked_events"],
        "at": view.changed_at,
    }


def _parked(
    event: dict[str, Any], service: dict[str, Any], *, last: dict[str, ParkedDeed]
) -> dict[str, Any]:
    """An event set apart; `asked`: somebody has decided, and the service has not told since."""
    key = f"{service['name']}/{event['event_id']}"
    deed = last.get(key)
    return event | {
        "key": key,
        "id": key.replace("/", "-"),
        "service": service["name"],
        "why": words.parked(event["reason"]),
        "deed": deed,
        "did": ANSWERS[deed.answer] if deed else "",
        "asked": deed is not None and deed.at > service["at"],
    }


def _doubtful(one: Doubtful) -> dict[str, Any]:
    return {
        "reference": references.shown(one.case.reference),
        "mail": words.mail(one.fate.kind)[0],
        "at": one.fate.changed_at,
        "owner": one.case.owner,
    }


def _oldest(mail: dict[str, Any] | None) -> datetime | None:
    """Since when mail waits, whether it was tried or not."""
    if mail is None:
        return None
    known = [mail["oldest_at"], *(host["oldest_at"] for host in mail["hosts"])]
    return min((at for at in known if at), default=None)


def _with_moments(value: Any, name: str = "") -> Any:
    """The state as it was told, with its moments as moments again."""
    if isinstance(value, dict):
        return {key: _with_moments(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_moments(inner, name) for inner in value]
    if name.endswith("_at") and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value
