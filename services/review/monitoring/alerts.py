"""Alerts: mail administrators about a service that needs a person, once a cause and day."""

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
from shared.restore import inventory
from shared.tables import now
from shared.worker import status_report

# While one of these loops is in trouble, a mail about it would not be sent anyway.
VISITORS_LIMIT = "visitors_limit"  # the loop of intake that watches the limit of mails
DELIVERY_LOOPS = frozenset({"relay", "consumer", "sender"})
REPORT_IS_RECENT = timedelta(minutes=10)  # an older report may itself have waited for the broker

Causes = dict[AlertCause, str]


def causes(status: ServiceStatus) -> Causes:
    """Why this service needs a person, by its own report; empty if it does not."""
    body = status.body
    problems = {AlertCause.FAILED_EVENTS: str(body["parked"])} if body["parked"] else {}
    if status.changed_at < now() - REPORT_IS_RECENT:
        return problems
    if missing := body.get("missing"):
        problems[AlertCause.MISSING] = inventory.in_words(missing)
    in_trouble = {each["name"] for each in body["troubles"] if _is_long_ago(each.get("since_at"))}
    if body["mail"] and _mail_waits(body["mail"]):
        problems[AlertCause.MAIL_WAITS] = "yes"
    if _is_long_ago(body["oldest_at"]) and not _is_cut_off(status):
        problems[AlertCause.EVENTS_WAIT] = "yes"
    if any(each["name"] == VISITORS_LIMIT for each in body["troubles"]):
        problems[AlertCause.VISITORS_LIMIT] = "yes"  # at once: it may be an attack
    if others := in_trouble - DELIVERY_LOOPS - {VISITORS_LIMIT}:
        problems[AlertCause.LOOP_IN_TROUBLE] = ", ".join(sorted(others))
    return problems


def send_alerts(session: Session, status: ServiceStatus) -> None:
    """Mail every administrator about a service: each cause once a day, and failed events only when
    there are more of them.
    """
    _send_new(session, status, causes(status))


def send_silence_alerts(session: Session) -> None:
    """Mail administrators about services that have stopped reporting."""
    statuses = session.scalars(select(ServiceStatus).with_for_update()).all()
    if any(_is_cut_off(status) for status in statuses if status.service == "review"):
        return  # without the broker, review gets no reports from the others
    for status in statuses:
        if status.changed_at < now() - max(REPORT_IS_RECENT, status_report.alert_after()):
            _send_new(session, status, {AlertCause.SILENT: "yes"})


def _send_new(session: Session, status: ServiceStatus, problems: Causes) -> None:
    try:
        profile = versions.in_force(session)
    except versions.NoProfile:
        return
    day = calendar.local_day(profile, now()).isoformat()
    sent = dict(status.alarmed)
    if AlertCause.FAILED_EVENTS in sent:  # resolved events may fail again and then count as new
        last_day, number = sent[AlertCause.FAILED_EVENTS]
        sent[AlertCause.FAILED_EVENTS] = [last_day, min(number, status.body["parked"])]
    new = [cause for cause in problems if _is_new(cause, status, sent, day)]
    status.alarmed = sent | {
        cause: [day, status.body["parked"] if cause is AlertCause.FAILED_EVENTS else 0]
        for cause in new
    }
    if new:
        key = f"{day}:{'+'.join(sorted(new))}"
        _request_mail(session, status, problems, profile=profile, key=key)


def _is_new(cause: AlertCause, status: ServiceStatus, sent: dict[str, Any], day: str) -> bool:
    last_day, number = sent.get(cause, ["", 0])
    is_more = cause is not AlertCause.FAILED_EVENTS or status.body["parked"] > number
    return bool(last_day != day and is_more)


def _mail_waits(mail: dict[str, Any]) -> bool:
    """Whether mail waits that was never tried, or a domain accepts nothing."""
    stuck = [host for host in mail["hosts"] if not host["sent"] and _is_long_ago(host["oldest_at"])]
    return not mail["stopped"] and (_is_long_ago(mail["oldest_at"]) or bool(stuck))


def _is_cut_off(status: ServiceStatus) -> bool:
    """Whether the service has lost the broker: /readyz reports that, and it recovers by itself."""
    return any(each["name"] in ("relay", "consumer") for each in status.body["troubles"])


def _is_long_ago(at: str | None) -> bool:
    return bool(at) and datetime.fromisoformat(str(at)) < now() - status_report.alert_after()


def _commands(status: ServiceStatus) -> str:
    """What an operator runs, one command for each partner that holds more."""
    partners = sorted({each["partner"] for each in status.body["missing"]})
    return "\n".join(inventory.command(partner) for partner in partners)


def _request_mail(
    session: Session, status: ServiceStatus, problems: Causes, *, profile: Profile, key: str
) -> None:
    variables: dict[str, str] = {cause.value: problems.get(cause, "") for cause in AlertCause}
    variables |= {
        "service": status.service,
        "operations_url": links.operations(),
        "mend": _commands(status) if AlertCause.MISSING in problems else "",
        "minutes": str(int(status_report.alert_after().total_seconds() // 60)),
    }
    admins = select(Staff).where(Staff.active, Staff.role == Role.ADMIN)
    for admin in session.scalars(admins):
        cause = f"{status.service}:{key}:{admin.id}"
        mail = staff_mail(admin, profile, kind="alarm", cause=cause, variables=variables)
        request_mail(session, mail)
