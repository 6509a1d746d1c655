"""The page of a case."""

from typing import Any

from flask import Blueprint, render_template, request

from services.review import case_page, identity, labels
from services.review.case_page import CasePage
from services.review.cases import audit, deadlines, unsent_texts, visibility
from services.review.forms import inline
from services.review.forms.inline import Entered, Tried
from services.review.lifecycle import transitions
from services.review.lifecycle.actions import TRANSITIONS, CaseAction
from services.review.models import Case, Staff
from services.review.models.states import CaseEvent
from services.review.routes.case_action import LEAVES_SOON, Page, leaves_after, not_found
from services.review.routes.edit_conflict import show_conflicts
from services.review.routes.unsent_texts import keep_or_discard
from services.review.staff import people
from shared import calendar, db, references
from shared.profile import Profile, versions
from shared.tables import now

bp = Blueprint("cases", __name__, url_prefix="/cases/<reference>")
keep_or_discard(bp)
show_conflicts(bp)

NOTICES = {action.value: row.notice for action, row in TRANSITIONS.items()} | {
    "settle_arrived": "Email marked as delivered.",
    "settle_again": "The email will be sent again.",
    "settle_tried": "We’ll send email to this address again.",
    CaseEvent.NOT_SENT: "It could not be sent. The reason is under Activity.",
    LEAVES_SOON: "Sent. It leaves at the time below, and until then you can undo it.",
}
WITHOUT_EMAIL = {  # in place of what promises an email
    CaseAction.SEND_MESSAGE.value: "Message sent.",
    CaseAction.SEND_NOW.value: "It has left.",
    CaseAction.SEND_LETTER.value: "Letter sent.",
}


@bp.get("")
def page(reference: str) -> Page:
    """The case with everything that this person may read; the view is recorded."""
    return show(reference)


def show(reference: str, *, tried: Tried | None = None) -> tuple[str, int]:
    """The page of the case, with the form of an act that was refused and its errors."""
    with db.begin() as session:
        member = session.get_one(Staff, identity.member().id)
        case = visibility.find(session, member, typed=reference)
        if case is None:
            raise not_found()
        profile = versions.of(session, version=case.profile_version)
        news = audit.record_view(session, case, by=member)
        page = case_page.build(session, case, profile=profile, member=member)
        colleagues = people.colleagues(session, office=case.office)
        entered = Entered(tried, unsent_texts.of_case(session, case, by=member))
    forms = inline.on_case(case, profile=profile, colleagues=colleagues, entered=entered)
    shown = render_template(
        "review/case.html",
        case=case,
        reference=references.display(case.reference),
        page=page,
        news=case_page.timeline(case, news, member=member),
        inline=forms,
        leaves_after=leaves_after(),
        done=_notice(request.args.get("done", ""), page),
        may={act.slug: transitions.may(case, act, by=member) for act in TRANSITIONS},
        **_heading(case, profile),
    )
    return shown, forms.status


def _notice(done: str, page: CasePage) -> str:
    """What was done. It promises no email where the mailbox of the proposer does not exist."""
    if page.unreachable and page.proposer and done in WITHOUT_EMAIL:
        return (
            f"{WITHOUT_EMAIL[done]} Our email doesn’t reach {page.proposer['name']}. They can read"
            " it on their status page, but get no email."
        )
    return NOTICES.get(done, "")


def _heading(case: Case, profile: Profile) -> dict[str, Any]:
    public = profile.public_label(case.public_label, profile.language)
    today = calendar.local_day(profile, now())
    due = deadlines.due_status(case, profile=profile, today=today)
    return {
        "state": labels.state(case, profile=profile),
        "tone": labels.TONES.get(case.state, "" if case.owner_id else "new"),
        "next_step": case_page.next_step(due),
        "branch": labels.humanize(case.branch),
        "public_label": public["label"],
        "office": profile.office(case.office)["label"],
    }
