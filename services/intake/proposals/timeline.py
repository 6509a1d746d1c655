"""What the status page says first, and what has happened and will happen, with dates.

A promise whose day has passed is said to be broken; its date is never shown as if it lay ahead.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from services.intake.models import CaseView, Proposal
from services.intake.models.states import MeetingState, PublicLabel, RouteStepState
from shared.calendar import local_day
from shared.dates import in_words
from shared.profile import Profile
from shared.tables import now
from shared.text import render


class StatusSummary(NamedTuple):
    """How it stands: label with its tone, what is needed and what comes next, the broken promise.

    `late`: the day that has passed without what was promised for it; then `next` is empty.
    """

    label: str
    tone: str
    meaning: str
    needed: str
    next: str
    late: date | None
    contact: dict[str, str]
    contact_title: str  # "" where only the name is known, as for the next
    phone: str
    questions: list[str]  # of the office, about parts of the form
    meeting: dict[str, Any] | None
    letter: dict[str, Any] | None
    steps: list[dict[str, Any]]


def summarize(
    profile: Profile, proposal: Proposal, view: CaseView | None, *, office: dict[str, Any]
) -> StatusSummary:
    """All that the page shows, in the language of the profile."""
    told = view.state if view else {}
    value = view.public_label if view else PublicLabel.RECEIVED
    said = profile.public_label(value, profile.language)
    today = local_day(profile, now())
    dates = _dates(proposal, told)
    waits_for = dates[said["promise"]] if "promise" in said else None
    late = waits_for if waits_for is not None and waits_for < today else None
    contact = told.get("contact") or office["contact"]
    names = {
        "institution": profile.institution["name"],
        "office": office["label"],
        "contact_name": contact["name"],
        "contact_email": contact["email"],
        "title": proposal.title,
        "reference": proposal.reference,
        "day": in_words(waits_for, profile.language, today=today) if waits_for else "",
    }
    return StatusSummary(
        label=said["label"],
        tone=PublicLabel(value).tone,
        meaning=render(said["meaning"], names),
        needed=render(said["needed"], names),
        next="" if late else render(said.get("next", ""), names),
        late=late,
        contact=contact,
        contact_title=office.get("contact_title", "") if contact == office["contact"] else "",
        phone=office.get("phone", "") if contact == office["contact"] else "",
        questions=[one["question"] for one in told.get("reopened") or []],
        meeting=_meeting(told),
        letter=_letter(told),
        steps=_steps(profile, proposal, told, today=today),
    )


def _dates(proposal: Proposal, told: dict[str, Any]) -> dict[str, date]:
    """The promised days, as review has them now where it has told."""
    promised = told.get("promises") or {}
    return {
        name: date.fromisoformat(promised[f"{name}_by"])
        if promised
        else getattr(proposal, f"{name}_by")
        for name in ("first_reply", "meeting", "decision")
    }


def _letter(told: dict[str, Any]) -> dict[str, Any] | None:
    letter: dict[str, Any] | None = told.get("letter")
    if letter is None:
        return None
    return letter | {"released_at": datetime.fromisoformat(letter["released_at"])}


def _meeting(told: dict[str, Any]) -> dict[str, Any] | None:
    """The conversation that is offered or agreed, while it lies ahead."""
    meeting: dict[str, Any] | None = told.get("meeting")
    if meeting is None or meeting["state"] == MeetingState.HELD or not meeting.get("starts_at"):
        return None
    return meeting | {"starts_at": datetime.fromisoformat(meeting["starts_at"])}


def _steps(
    profile: Profile, proposal: Proposal, told: dict[str, Any], *, today: date
) -> list[dict[str, Any]]:
    """The promises as things in time: `at` when it happened, `by` when it is due, `late`."""
    happened = _happened(told)
    steps: list[dict[str, Any]] = [{"name": "received", "at": proposal.submitted_at, "done": True}]
    for name, day in _dates(proposal, told).items():
        done = name in happened or ("decision" in happened)
        steps.append(
            {
                "name": name,
                "title": profile.promise(name, profile.language),
                "at": happened.get(name),
                "by": day,
                "done": done,
                "late": not done and day < today,
            }
        )
    for step in told.get("route_steps") or []:
        day = step.get("done_on")
        steps.append(
            {
                "name": "route",
                "title": step["label"],
                "on": date.fromisoformat(day) if day else None,
                "done": step["state"] == RouteStepState.DONE,
            }
        )
    return steps


def _happened(told: dict[str, Any]) -> dict[str, datetime]:
    """What was promised and has been done, and when."""
    found = {}
    if told.get("first_reply_at"):
        found["first_reply"] = datetime.fromisoformat(told["first_reply_at"])
    meeting = told.get("meeting") or {}
    if meeting.get("state") == MeetingState.HELD and meeting.get("starts_at"):
        found["meeting"] = datetime.fromisoformat(meeting["starts_at"])
    if told.get("letter"):
        found["decision"] = datetime.fromisoformat(told["letter"]["released_at"])
    return found
