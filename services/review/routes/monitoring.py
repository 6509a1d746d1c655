"""The status of the services, for administrators, and their decisions about failed events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.review import identity, labels
from services.review.forms.monitoring import MAX_REASON, DiscardEvent, RetryEvent
from services.review.models import ParkedEventAction, ServiceStatus
from services.review.monitoring import alerts, service_status
from services.review.monitoring.service_status import ParkedEventDecision, UnconfirmedMail
from services.review.routes.case_action import error_status, validate_or_refuse
from shared import calendar, db, references
from shared.events import SERVICES, ParkedDecision
from shared.profile import versions
from shared.tables import now
from shared.web.problems import Problem
from shared.web.ui import fields, theme

bp = Blueprint("monitoring", __name__)

NOTICES = {
    "again": "The event is being retried. If it fails again, it comes back here.",
    "discard": "Event discarded. Its record is kept.",
    "gone": "This event was already handled, or it went through.",
}
ANSWERS: dict[str, str] = {
    ParkedDecision.RETRY: "retried it",
    ParkedDecision.DISCARD: "discarded it",
}
RECENT = 10  # decisions that are listed
DISCARD_HINT = "The event is never retried. Its record is kept."

Page = str | tuple[str, int] | Response


@bp.get("/operations")
def page() -> Page:
    """Every service with its waiting work; problems come first."""
    return _page(DiscardEvent(formdata=None))


@bp.post("/operations/<service>/<event>/again")
def retry_event(service: str, event: str) -> Page:
    """Retry a failed event."""
    validate_or_refuse(RetryEvent())
    return _decide(service, event, ParkedDecision.RETRY)


@bp.post("/operations/<service>/<event>/discard")
def discard_event(service: str, event: str) -> Page:
    """Discard a failed event; an invalid reason is shown again."""
    form = DiscardEvent()
    if not form.validate():
        return _page(form, about=f"{service}/{event}"), error_status(form)
    return _decide(service, event, ParkedDecision.DISCARD, form.reason.data)


def _known_service(service: str) -> str:
    if service not in SERVICES:
        raise Problem(404, "no_service", "There is no such service.")
    return service


def _event_id(event: str) -> UUID:
    try:
        return UUID(event)
    except ValueError:
        raise Problem(404, "no_event", "There is no such event.") from None


def _decide(service: str, event: str, answer: ParkedDecision, reason: str = "") -> Response:
    decision = ParkedEventDecision(_known_service(service), _event_id(event), answer, reason)
    with db.begin() as session:
        done = service_status.decide_parked_event(session, decision, by=identity.member())
    return redirect(url_for("monitoring.page", done=decision.answer if done else "gone"), 303)


def _page(form: DiscardEvent, *, about: str = "") -> str:
    with db.read() as session:
        profile = versions.in_force(session)
        theme.use(profile)
        views = service_status.statuses(session)
        doubtful = service_status.unconfirmed_mails(session)
        decisions = service_status.parked_event_actions(session)
    summaries = [_service(service, views.get(service)) for service in SERVICES]
    mail = next((row["mail"] for row in summaries if row["mail"]), None)
    last = {f"{row.service}/{row.event_id}": row for row in reversed(decisions)}
    typed = form if about else None
    return render_template(
        "review/operations.html",
        services=summaries,
        summary=_summary(summaries, doubtful),
        holiday_warning=calendar.holiday_warning(profile, calendar.local_day(profile, now())),
        mail=mail,
        mail_since=_oldest(mail),
        parked=[
            _parked(event, row, last=last, typed=typed if about == _key(row, event) else None)
            for row in summaries
            for event in row["events"]
        ],
        doubtful=[_unconfirmed(row) for row in doubtful],
        decided=[_decision(row) for row in decisions[:RECENT]],
        done=NOTICES.get(request.args.get("done", "")),
        form=form,
        about=about,
    )


def _summary(summaries: list[dict[str, Any]], doubtful: Sequence[Any]) -> dict[str, str]:
    """The first line of the page, and its tone."""
    needy = [row["name"] for row in summaries if row["tone"] != "ok"]
    if needy:
        verb = "needs" if len(needy) == 1 else "need"
        names = " and ".join([", ".join(needy[:-1]), needy[-1]] if len(needy) > 1 else needy)
        return {"text": f"{names} {verb} attention.", "tone": "ask"}
    if doubtful:
        return {
            "text": "All systems running. Delivery of some emails is unconfirmed (see below).",
            "tone": "ask",
        }
    return {"text": "All systems running. Nothing needs attention.", "tone": "ok"}


def _service(service: str, view: ServiceStatus | None) -> dict[str, Any]:
    if view is None:
        return {"name": service, "tone": "no", "word": "No report yet", "events": [],
                "mail": None, "at": None, "why": [], "waiting": 0, "parked": 0, "put_off": 0,
                "not_listed": 0, "oldest_at": None, "troubles": []}  # fmt: skip
    body = _with_moments(view.body)
    silent = service_status.is_silent(view)
    why = [labels.alert_cause(cause) for cause in alerts.causes(view)]
    if silent:
        tone, word = "no", "Not reporting"
    elif why or body["troubles"]:
        tone, word = "ask", "Needs attention"
    elif body["mail"] and body["mail"]["stopped"]:
        tone, word = "ask", "Mail is paused"
    else:
        tone, word = "ok", "Running"
    return {
        **body,
        "name": service,
        "tone": tone,
        "word": word,
        "why": why,
        "silent": silent,
        "events": body["parked_events"],
        "not_listed": body["parked"] - len(body["parked_events"]),
        "at": view.changed_at,
    }


def _key(service: dict[str, Any], event: dict[str, Any]) -> str:
    return f"{service['name']}/{event['event_id']}"


def _parked(
    event: dict[str, Any],
    service: dict[str, Any],
    *,
    last: dict[str, ParkedEventAction],
    typed: DiscardEvent | None,
) -> dict[str, Any]:
    """A failed event. `asked`: somebody has decided, and the service has not reported since."""
    key = _key(service, event)
    name = key.replace("/", "-")
    row = last.get(key)
    reason = (typed or DiscardEvent(formdata=None)).reason
    return event | {
        "key": key,
        "id": name,
        "title": _title(event["event_type"]),
        "service": service["name"],
        "why": labels.failed_event_reason(event["reason"]),
        "by": row.staff.name if row else "",
        "did": ANSWERS[row.answer] if row else "",
        "decided_at": row.at if row else None,
        "asked": row is not None and row.at > service["at"],
        "fields": [fields.of(reason, id=f"why-{name}", hint=DISCARD_HINT, most=MAX_REASON)],
    }


def _decision(row: ParkedEventAction) -> dict[str, Any]:
    return {
        "by": row.staff.name,
        "did": ANSWERS[row.answer],
        "event_type": _title(row.event_type),
        "service": row.service,
        "at": row.at,
        "reason": row.reason,
    }


def _title(event_type: str) -> str:
    return event_type or "Unreadable event"


def _unconfirmed(row: UnconfirmedMail) -> dict[str, Any]:
    return {
        "reference": references.display(row.case.reference),
        "mail": labels.mail(row.mail.kind)[0],
        "at": row.mail.changed_at,
        "owner": row.case.owner,
    }


def _oldest(mail: dict[str, Any] | None) -> datetime | None:
    """Since when mail waits, whether it was tried or not."""
    if mail is None:
        return None
    known = [mail["oldest_at"], *(host["oldest_at"] for host in mail["hosts"])]
    return min((at for at in known if at), default=None)


def _with_moments(value: Any, name: str = "") -> Any:
    """The reported state, with its moments parsed."""
    if isinstance(value, dict):
        return {key: _with_moments(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_moments(inner, name) for inner in value]
    if name.endswith("_at") and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value
