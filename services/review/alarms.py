"""Administrators are mailed when a service cannot go on by itself: once a cause and day."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.models import ServiceView, Staff
from services.review.notices import notice
from shared import calendar, links, mails, upkeep
from shared.profile import Profile, versions
from shared.tables import now

CAUSES = ("parked", "mail_waits", "events_wait", "trouble", "silent")
CARRIERS = frozenset({"relay", "consumer", "sender"})  # without these, no mail about them goes
TOLD_NOW = timedelta(minutes=10)  # what is older may have waited for the broker itself

Causes = dict[str, str]


def causes(view: ServiceView) -> Causes:
    """What this service needs a person for, by its own words; empty where it goes on by itself."""
    body = view.body
    found = {"parked": str(body["parked"])} if body["parked"] else {}
    if view.changed_at < now() - TOLD_NOW:
        return found
    hung = {one["name"] for one in body["troubles"] if _is_long_ago(one.get("since_at"))}
    if body["mail"] and _mail_waits(body["mail"]):
        found["mail_waits"] = "yes"
    if _is_long_ago(body["oldest_at"]) and not _is_cut_off(view):
        found["events_wait"] = "yes"
    if hung - CARRIERS:
        found["trouble"] = ", ".join(sorted(hung - CARRIERS))
    return found


def raise_for(session: Session, view: ServiceView) -> None:
    """Mail every administrator about what needs a person in this service: each cause once a day,
    and of events set apart only when they have become more.
    """
    _raise(session, view, causes(view))


def raise_for_silent(session: Session) -> None:
    """The same about those who have told nothing; said by review, which hears them all."""
    views = session.scalars(select(ServiceView).with_for_update()).all()
    if any(_is_cut_off(view) for view in views if view.service == "review"):
        return  # they may well have spoken
    for view in views:
        if view.changed_at < now() - max(TOLD_NOW, upkeep.patience()):
            _raise(session, view, {"silent": "yes"})


def _raise(session: Session, view: ServiceView, found: Causes) -> None:
    try:
        profile = versions.in_force(session)
    except versions.NoProfile:
        return
    day = calendar.local_day(profile, now()).isoformat()
    known = dict(view.alarmed)
    if "parked" in known:  # what was settled since may be set apart anew
        then, number = known["parked"]
        known["parked"] = [then, min(number, view.body["parked"])]
    told = {name: known.get(name, ["", 0]) for name in found}
    news = [
        name
        for name, (then, number) in told.items()
        if then != day and (name != "parked" or view.body["parked"] > number)
    ]
    view.alarmed = known | {
        name: [day, view.body["parked"] if name == "parked" else 0] for name in news
    }
    if news:
        _ask(session, view.service, found, profile=profile, key=f"{day}:{'+'.join(sorted(news))}")


def _mail_waits(mail: dict[str, Any]) -> bool:
    """Whether mail stands that was never tried, or a domain takes nothing of what it is offered."""
    refused = [one for one in mail["hosts"] if not one["sent"] and _is_long_ago(one["oldest_at"])]
    return not mail["stopped"] and (_is_long_ago(mail["oldest_at"]) or bool(refused))


def _is_cut_off(view: ServiceView) -> bool:
    """Whether the broker is away for it: it says so on /readyz, and goes on by itself."""
    return any(one["name"] in ("relay", "consumer") for one in view.body["troubles"])


def _is_long_ago(at: str | None) -> bool:
    return bool(at) and datetime.fromisoformat(str(at)) < now() - upkeep.patience()


def _ask(session: Session, service: str, found: Causes, *, profile: Profile, key: str) -> None:
    about = dict.fromkeys(CAUSES, "") | found
    about |= {
        "service": service,
        "operations_url": links.operations(),
        "minutes": str(int(upkeep.patience().total_seconds() // 60)),
    }
    admins = select(Staff).where(Staff.active, Staff.role == "admin")
    for admin in session.scalars(admins):
        cause = f"{service}:{key}:{admin.id}"
        mails.request(session, notice(admin, profile, kind="alarm", cause=cause, more=about))
