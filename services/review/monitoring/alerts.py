"""Administrators are mailed when a service cannot go on by itself: once a cause and day."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.models import ServiceStatus, Staff
from services.review.models.people import Role
from services.review.models.states import AlertCause
from services.review.staff.mail import staff_mail
from shared import calendar, links
from shared.mails.request import request_mail
from shared.profile import Profile, versions
from shared.tables import now
from shared.worker import status_report

DELIVERY_LOOPS = frozenset(
    {"relay", "consumer", "sender"}
)  # without these, no mail about them goes
REPORT_IS_RECENT = timedelta(minutes=10)  # what is older may have waited for the broker itself

Causes = dict[AlertCause, str]


def causes(view: ServiceStatus) -> Causes:
    """What this service needs a person for, by its own words; empty where it goes on by itself."""
    body = view.body
    found = {AlertCause.FAILED_EVENTS: str(body["parked"])} if body["parked"] else {}
    if view.changed_at < now() - REPORT_IS_RECENT:
        return found
    hung = {one["name"] for one in body["troubles"] if _is_long_ago(one.get("since_at"))}
    if body["mail"] and _mail_waits(body["mail"]):
        found[AlertCause.MAIL_WAITS] = "yes"
    if _is_long_ago(body["oldest_at"]) and not _is_cut_off(view):
        found[AlertCause.EVENTS_WAIT] = "yes"
    if hung - DELIVERY_LOOPS:
        found[AlertCause.LOOP_IN_TROUBLE] = ", ".join(sorted(hung - DELIVERY_LOOPS))
    return found


def send_alerts(session: Session, view: ServiceStatus) -> None:
    """Mail every administrator about what needs a person in this service: each cause once a day,
    and of events set apart only when they have become more.
    """
    _send_new(session, view, causes(view))


def send_silence_alerts(session: Session) -> None:
    """The same about those who have told nothing; said by review, which hears them all."""
    views = session.scalars(select(ServiceStatus).with_for_update()).all()
    if any(_is_cut_off(view) for view in views if view.service == "review"):
        return  # they may well have spoken
    for view in views:
        if view.changed_at < now() - max(REPORT_IS_RECENT, status_report.alert_after()):
            _send_new(session, view, {AlertCause.SILENT: "yes"})


def _send_new(session: Session, view: ServiceStatus, found: Causes) -> None:
    try:
        profile = versions.in_force(session)
    except versions.NoProfile:
        return
    day = calendar.local_day(profile, now()).isoformat()
    known = dict(view.alarmed)
    if AlertCause.FAILED_EVENTS in known:  # what was settled since may be set apart anew
        then, number = known[AlertCause.FAILED_EVENTS]
        known[AlertCause.FAILED_EVENTS] = [then, min(number, view.body["parked"])]
    told = {name: known.get(name, ["", 0]) for name in found}
    news = [
        name
        for name, (then, number) in told.items()
        if then != day and (name is not AlertCause.FAILED_EVENTS or view.body["parked"] > number)
    ]
    view.alarmed = known | {
        name: [day, view.body["parked"] if name is AlertCause.FAILED_EVENTS else 0] for name in news
    }
    if news:
        _request_mail(
            session, view.service, found, profile=profile, key=f"{day}:{'+'.join(sorted(news))}"
        )


def _mail_waits(mail: dict[str, Any]) -> bool:
    """Whether mail stands that was never tried, or a domain takes nothing of what it is offered."""
    refused = [one for one in mail["hosts"] if not one["sent"] and _is_long_ago(one["oldest_at"])]
    return not mail["stopped"] and (_is_long_ago(mail["oldest_at"]) or bool(refused))


def _is_cut_off(view: ServiceStatus) -> bool:
    """Whether the broker is away for it: it says so on /readyz, and goes on by itself."""
    return any(one["name"] in ("relay", "consumer") for one in view.body["troubles"])


def _is_long_ago(at: str | None) -> bool:
    return bool(at) and datetime.fromisoformat(str(at)) < now() - status_report.alert_after()


def _request_mail(
    session: Session, service: str, found: Causes, *, profile: Profile, key: str
) -> None:
    about: dict[str, str] = {cause.value: found.get(cause, "") for cause in AlertCause}
    about |= {
        "service": service,
        "operations_url": links.operations(),
        "minutes": str(int(status_report.alert_after().total_seconds() // 60)),
    }
    admins = select(Staff).where(Staff.active, Staff.role == Role.ADMIN)
    for admin in session.scalars(admins):
        cause = f"{service}:{key}:{admin.id}"
        request_mail(
            session, staff_mail(admin, profile, kind="alarm", cause=cause, variables=about)
        )
