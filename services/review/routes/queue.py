"""The queue of the office: what is due first, then what is oldest."""

from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, render_template, request, url_for

from services.review import identity, labels
from services.review.cases import deadlines, flags
from services.review.forms import filters as forms
from services.review.queue import listing
from services.review.queue.listing import TABS, UNASSIGNED, Filters
from services.review.staff import people
from shared import calendar, db, references
from shared.profile import Profile, versions
from shared.tables import now
from shared.web.problems import Problem
from shared.web.ui import theme

bp = Blueprint("queue", __name__)

ALWAYS = ("open", "mine", "triage", "decision_draft", "all")  # tabs that are there when empty
NAMES = {"open": "All open", "mine": "Mine", "triage": "In triage", "all": "All"}
Choices = list[tuple[str, str]]


@bp.get("/")
def page() -> str:
    """One page of the queue. Raises Problem 422 for a query that the queue does not know."""
    member = identity.member()
    with db.read() as session:
        profile = versions.in_force(session)
        theme.use(profile)
        today = calendar.local_day(profile, now())
        colleagues = [(one.id.hex, one.name) for one in people.case_workers(session)]
        offered = _offered(profile, colleagues)
        wanted = _filters(offered)
        try:
            found = listing.page(
                session,
                member,
                wanted,
                today=today,
                after=request.args.get("after", ""),
                before=request.args.get("before", ""),
            )
        except listing.BadCursor as error:
            raise Problem(422, "page", str(error)) from None
        counted = listing.counts(session, member)
    return render_template(
        "review/queue.html",
        rows=[_row(case, found.flags[case.id], profile, today) for case in found.cases],
        tabs=_tabs(profile, wanted, counted),
        wanted=wanted,
        chosen=wanted._asdict(),
        offered=offered,
        filtered=any(wanted[1:]),
        everything=_here(wanted._replace(tab="all")),
        newer=found.newer and _here(wanted, before=found.newer),
        passed=_transferred(),
        older=found.older and _here(wanted, after=found.older),
    )


def _transferred() -> str:
    """The reference of the case that somebody passed on a moment ago and does not see any more."""
    passed = references.parse(request.args.get(forms.TRANSFERRED, ""))
    return references.display(passed) if passed else ""


def _filters(offered: dict[str, Choices]) -> Filters:
    allowed = {name: {value for value, _ in choices} for name, choices in offered.items()}
    try:
        return forms.read(request.args, allowed={**allowed, "tab": TABS})
    except forms.BadQuery as refused:
        raise Problem(422, "query", str(refused)) from None


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


def _tabs(profile: Profile, wanted: Filters, counted: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "title": NAMES.get(tab) or profile.state_label(tab)["label"],
            "href": _here(Filters(tab=tab)),
            "here": tab == wanted.tab,
            "count": counted[tab],
        }
        for tab in TABS
        if tab in ALWAYS or tab == wanted.tab or counted[tab]
    ]


def _here(wanted: Filters, **place: str) -> str:
    asked: dict[str, Any] = {name: value for name, value in wanted._asdict().items() if value}
    if wanted.tab == "open":
        del asked["tab"]
    return url_for("queue.page", **asked | place)


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
    shown = [Flag(profile.flag_label(flag)["label"], flag in flags.URGENT) for flag in raised]
    return Row(
        title=case.title or "(no title)",
        href=url_for("cases.page", typed=reference),
        reference=reference,
        person=case.people[0]["name"] if case.people else "",
        organization=case.organization,
        branch=labels.humanize(case.branch),
        office=next((one["label"] for one in offices if one["value"] == case.office), ""),
        state=labels.state(case, profile=profile),
        tone=labels.TONES.get(case.state, "" if case.owner_id else "new"),
        due=deadlines.due_status(case, profile=profile, today=today),
        owner=case.owner_name or "",
        flags=sorted(shown, key=lambda flag: not flag.hot),
    )
