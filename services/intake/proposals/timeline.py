"""The summary of a status page: what is needed, what comes next, past and future steps with dates.

A promise whose day has passed is shown as broken, never as a date in the future.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from services.intake.models import CaseView, Proposal
from services.intake.models.states import MeetingState, PublicLabel, RouteStepState
from shared.calendar import local_day
from shared.dates import in_words
from shared.profile import Profile
from shared.profile.offices import signature
from shared.profile.text import render
from shared.tables import now


class StatusSummary(NamedTuple):
    """The label with its words, what is needed, what comes next, the broken promise.

    `late` is a promised day that has passed without the act; then `next` is empty.
    """

    value: PublicLabel
    label: str
    meaning: str
    needed: str
    next: str
    late: date | None
    contact: dict[str, str]
    contact_title: str  # "" for a contact other than the office's; so is `phone`
    phone: str
    questions: list[str]  # of the office, about parts of the form
    meeting: dict[str, Any] | None
    letter: dict[str, Any] | None
    steps: list[dict[str, Any]]


def summarize(
    profile: Profile, proposal: Proposal, view: CaseView | None, *, office: dict[str, Any]
) -> StatusSummary:
    """The summary of this proposal, in the language of the profile."""
    case = view.state if view else {}
    value = view.public_label if view else PublicLabel.RECEIVED
    label = profile.public_label(value, profile.language)
    today = local_day(profile, now())
    dates = _dates(proposal, case)
    if case.get("on_hold_until"):
        dates["hold"] = date.fromisoformat(case["on_hold_until"])
    waits_for = dates.get(label.get("promise", ""))
    late = waits_for if waits_for is not None and waits_for < today else None
    contact = case.get("contact") or office["contact"]
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
        value=PublicLabel(value),
        label=label["label"],
        meaning=render(label["meaning"], names),
        needed=render(label["needed"], names),
        next="" if late else render(label.get("next", ""), names),
        late=late,
        contact=contact,
        contact_title=office.get("contact_title", "") if contact == office["contact"] else "",
        phone=office.get("phone", "") if contact == office["contact"] else "",
        questions=[section["question"] for section in case.get("reopened") or []],
        meeting=_meeting(case),
        letter=_letter(case, office),
        steps=_steps(profile, proposal, case, today=today),
    )


def _dates(proposal: Proposal, case: dict[str, Any]) -> dict[str, date]:
    """The promised days: those of review where its case is known."""
    promised = case.get("promises") or {}
    return {
        name: date.fromisoformat(promised[f"{name}_by"])
        if promised
        else getattr(proposal, f"{name}_by")
        for name in ("first_reply", "meeting", "decision")
    }


def _letter(case: dict[str, Any], office: dict[str, Any]) -> dict[str, Any] | None:
    letter: dict[str, Any] | None = case.get("letter")
    if letter is None:
        return None
    return letter | {
        "released_at": datetime.fromisoformat(letter["released_at"]),
        "signature": signature(letter["signed_by"], office),
    }


def _meeting(case: dict[str, Any]) -> dict[str, Any] | None:
    """The conversation that is offered or confirmed, until it is held."""
    meeting: dict[str, Any] | None = case.get("meeting")
    if meeting is None or meeting["state"] == MeetingState.HELD or not meeting.get("starts_at"):
        return None
    return meeting | {"starts_at": datetime.fromisoformat(meeting["starts_at"])}


def _steps(
    profile: Profile, proposal: Proposal, case: dict[str, Any], *, today: date
) -> list[dict[str, Any]]:
    """Receipt, promises and approvals: `at` when it happened, `by` when it is due, `late`."""
    happened = _happened(case)
    steps: list[dict[str, Any]] = [{"name": "received", "at": proposal.submitted_at, "done": True}]
    for name, day in _dates(proposal, case).items():
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
    for step in case.get("route_steps") or []:
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


def _happened(case: dict[str, Any]) -> dict[str, datetime]:
    """The promises that were kept, and when."""
    dates = {}
    if case.get("first_reply_at"):
        dates["first_reply"] = datetime.fromisoformat(case["first_reply_at"])
    meeting = case.get("meeting") or {}
    if meeting.get("state") == MeetingState.HELD and meeting.get("starts_at"):
        dates["meeting"] = datetime.fromisoformat(meeting["starts_at"])
    if case.get("letter"):
        dates["decision"] = datetime.fromisoformat(case["letter"]["released_at"])
    return dates
