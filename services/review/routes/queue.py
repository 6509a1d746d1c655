"""The queue of the office: by due day, then oldest first."""

from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.review import identity, labels
from services.review.cases import deadlines, flags
from services.review.forms import filters as forms
from services.review.models import Staff
from services.review.models.people import Role
from services.review.queue import listing
from services.review.queue.listing import TABS, UNASSIGNED, Filters
from services.review.staff import people
from shared import calendar, db, references
from shared.profile import Profile, versions
from shared.tables import now
from shared.web.ui import theme

bp = Blueprint("queue", __name__)

ALWAYS = ("open", "mine", "triage", "decision_draft", "all")  # tabs that are there when empty
NAMES = {"open": "All open", "mine": "Mine", "triage": "In triage", "all": "All"}
PRESSING = ("late", "soon")
FILTERS = (  # name, label, and the label of no choice
    ("branch", "From", "Anyone"),
    ("office", "Office", "Any office"),
    ("flag", "Flag", "Any flag"),
    ("due", "Next step", "Any"),
    ("owner", "Owner", "Anyone"),
)
NO_MATCH = (
    "Every word has to appear in the title, reference, organization, person or summary. Use fewer"
    " words, or search all cases."
)
NONE_OWNED = (
    "Open a new case and choose “Assign to me.” The proposer then sees your name, and the case"
    " appears here."
)
NO_CASES = (
    "A new proposal appears here within seconds, and the office gets an email. Cases due soonest"
    " come first."
)

OUT_OF_DATE = "This link is out of date. These are all open cases."

Choices = list[tuple[str, str]]


@bp.get("/")
def page() -> Response | tuple[str, int]:
    """One page of the queue. A query that the queue does not know shows all of it, as 422.

    Administrators see no cases; their first page is Operations.
    """
    member = identity.member()
    if member.role == Role.ADMIN:
        return redirect(url_for("monitoring.page"), 303)
    with db.read() as session:
        profile = versions.in_force(session)
        theme.use(profile)
        today = calendar.local_day(profile, now())
        colleagues = [
            (colleague.id.hex, colleague.name) for colleague in people.case_workers(session)
        ]
        offered = _offered(profile, colleagues)
        selected, refused = _filters(offered)
        names = () if refused else forms.PLACES
        place = {name: request.args.get(name, "") for name in names}
        try:
            listed = listing.page(session, member, selected, today=today, **place)
        except listing.BadCursor:
            refused = OUT_OF_DATE
            listed = listing.page(session, member, selected, today=today)
        counted = listing.counts(session, member)
    rows = [_row(case, listed.flags[case.id], profile, today) for case in listed.cases]
    shown = render_template(
        "review/queue.html",
        rows=rows,
        tabs=_tabs(profile, selected, counted),
        wanted=selected,
        filters=_filter_bar(selected, offered, member),
        show_office=member.office is None,
        clear=_queue_url(Filters(tab=selected.tab)) if any(selected[1:]) else "",
        pressing=_pressing(rows, selected, listed),
        empty=_empty(selected),
        passed=_transferred(),
        newer=listed.newer and _queue_url(selected, before=listed.newer),
        older=listed.older and _queue_url(selected, after=listed.older),
        refused=refused,
    )
    return shown, 422 if refused else 200


def _transferred() -> str:
    """The reference of a case that this person has just transferred and can no longer see."""
    passed = references.parse(request.args.get(forms.TRANSFERRED, ""))
    return references.display(passed) if passed else ""


def _filters(offered: dict[str, Choices]) -> tuple[Filters, str]:
    """The filters of this address; without any and why, if the queue does not know them."""
    allowed = {name: {value for value, _ in choices} for name, choices in offered.items()}
    try:
        return forms.read(request.args, allowed={**allowed, "tab": TABS}), ""
    except forms.BadSearch as refused:
        return Filters(), str(refused)
    except forms.BadQuery:
        return Filters(), OUT_OF_DATE


def _offered(profile: Profile, colleagues: Choices) -> dict[str, Choices]:
    """The values that each filter offers, with their labels."""
    raised = [(flag, profile.flag_label(flag)["label"]) for flag in profile.body["flags"]]
    return {
        "branch": [(branch, labels.humanize(branch)) for branch in profile.branches],
        "office": [(office["value"], office["label"]) for office in profile.offices],
        "flag": sorted(raised, key=lambda flag: flag[1]),
        "due": [("ours", "Waiting on us"), ("late", "Late")],
        "owner": [(UNASSIGNED, "Unassigned"), *colleagues],
    }


def _tabs(profile: Profile, selected: Filters, counted: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "title": NAMES.get(tab) or profile.state_label(tab)["label"],
            "href": _queue_url(Filters(tab=tab)),
            "here": tab == selected.tab,
            "count": counted[tab],
        }
        for tab in TABS
        if tab in ALWAYS or tab == selected.tab or counted[tab]
    ]


def _filter_bar(
    selected: Filters, offered: dict[str, Choices], member: Staff
) -> list[dict[str, Any]]:
    """The selects of the filter bar; an office is offered to those who see several."""
    chosen = selected._asdict()
    one_office = len(offered["office"]) < 2 or bool(member.office)
    return [
        {"name": name, "label": label, "any": any_label, "chosen": chosen[name],
         "choices": offered[name]}
        for name, label, any_label in FILTERS
        if name != "office" or not one_office
    ]  # fmt: skip


def _pressing(rows: list["Row"], selected: Filters, listed: Any) -> str:
    """How much is late or due soon; "" where this page does not show all of it."""
    tones = [row.due.tone for row in rows]
    goes_on = listed.older and tones[-1] in PRESSING  # rows come in the order of their due days
    whole = (
        selected.tab in ("open", "mine", "triage") and not any(selected[1:]) and not listed.newer
    )
    if not rows or not whole or goes_on:
        return ""
    late, soon = tones.count("late"), tones.count("soon")
    counts = [f"{late} late"] * bool(late) + [f"{soon} due by the next business day"] * bool(soon)
    return (", ".join(counts) or "Nothing is late or due by the next business day") + "."


def _empty(selected: Filters) -> dict[str, str]:
    """What a list without cases says, and where to look instead."""
    if selected.due and not selected.q:
        title = "Nothing is late" if selected.due == "late" else "Nothing is waiting on us"
        return {
            "title": title,
            "text": "Our next steps are due later, or someone else has to act first.",
            "link": _queue_url(Filters()),
            "label": "View all open cases",
        }
    if any(selected[1:]):
        return {
            "title": "No matching cases",
            "text": NO_MATCH,
            "link": _queue_url(selected._replace(tab="all")),
            "label": "Search all cases",
        }
    if selected.tab == "mine":
        return {
            "title": "You don’t own any open cases",
            "text": NONE_OWNED,
            "link": _queue_url(Filters(tab="triage")),
            "label": "View cases in triage",
        }
    if selected.tab in ("open", "triage", "all"):
        title = "No cases yet" if selected.tab == "all" else "No open cases"
        return {"title": title, "text": NO_CASES}
    return {
        "title": "No cases here",
        "text": "No case is in this state.",
        "link": _queue_url(Filters()),
        "label": "View all open cases",
    }


def _queue_url(selected: Filters, **place: str) -> str:
    query: dict[str, Any] = {name: value for name, value in selected._asdict().items() if value}
    if selected.tab == "open":
        del query["tab"]
    return url_for("queue.page", **query | place)


class Flag(NamedTuple):
    title: str
    hot: bool


class Row(NamedTuple):
    """One case as the list shows it."""

    title: str
    href: str
    reference: str
    person: str
    organization: str
    branch: str
    office: str
    state: str
    tone: str
    due: deadlines.Due
    owner: str
    flags: list[Flag]


def _row(case: Any, raised: list[str], profile: Profile, today: date) -> Row:
    offices = profile.offices if len(profile.offices) > 1 else []
    reference = references.display(case.reference)
    case_flags = [Flag(profile.flag_label(flag)["label"], flag in flags.URGENT) for flag in raised]
    return Row(
        title=case.title or "(no title)",
        href=url_for("cases.page", reference=reference),
        reference=reference,
        person=case.people[0]["name"] if case.people else "",
        organization=case.organization,
        branch=labels.humanize(case.branch),
        office=next((office["label"] for office in offices if office["value"] == case.office), ""),
        state=labels.state(case, profile=profile),
        tone=labels.TONES.get(case.state, "" if case.owner_id else "new"),
        due=deadlines.due_status(case, profile=profile, today=today),
        owner=labels.owner(case.owner_name, active=case.owner_active) if case.owner_id else "",
        flags=sorted(case_flags, key=lambda flag: not flag.hot),
    )
