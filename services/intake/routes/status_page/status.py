"""The status of a proposal: a few facts for anybody with its reference, all for its proposer."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake.access import browser_grants
from services.intake.conversation import unsent
from services.intake.labels import LABELS
from services.intake.models import MailStatus, Post, Proposal
from services.intake.models.states import MailState
from services.intake.proposals import status, submission, timeline
from services.intake.proposals.timeline import StatusSummary
from services.intake.routes import browser
from services.intake.routes.status_page import messages
from shared import db, references, strict_json
from shared.events import PostSide
from shared.profile import labels, versions
from shared.profile.offices import office_at
from shared.web import browsers
from shared.web.problems import Problem
from shared.web.ui import filters
from shared.web.ui.steps import StepState

bp = Blueprint("status", __name__)


@bp.get("/status/<typed>")
def show(typed: str) -> ResponseReturnValue:
    """A page for people, JSON for programs; 404 for anything that is not a reference.

    Answers are shown on the page only, to browsers with a grant. Everybody else can request a
    link, and does not learn whether there is such a proposal.
    """
    if browsers.reads_pages():
        return _show_page(typed)
    with db.read() as session:
        proposal = submission.find(session, typed=typed)
        if proposal is None:
            raise Problem(404, "unknown_reference", "There is no proposal with this reference.")
        body = status.public_status(session, proposal)
    return Response(
        strict_json.dumps(body), mimetype="application/json", headers={"Vary": "Accept"}
    )


@bp.get("/status")
def own_proposals() -> ResponseReturnValue:
    """The ideas that this browser may see, sent or not; without any, the page to ask for a link."""
    with db.read() as session:
        browser.profile(session)
        granted = browser_grants.granted_proposals(session, browser.browser())
        draft = browser.draft(session)
    links = [
        (url_for(".show", typed=references.display(proposal.reference)), proposal.title)
        for proposal in granted
    ]
    if draft is not None and draft.proposal_id is None:
        address = url_for("drafts.resume", draft=references.display(draft.reference))
        links.append((address, browser.translate("go_on")))
    if len(links) < 2:
        return redirect(links[0][0] if links else url_for("sign_in_links.request_form"), 303)
    return render_template(
        "intake/message.html",
        title=browser.translate("my_ideas"),
        paragraphs=[],
        links=links,
    )


def _show_page(typed: str) -> ResponseReturnValue:
    with db.read() as session:
        proposal = submission.find(session, typed=typed)
        context = _context(session, proposal)
    if context is None:
        return redirect(url_for("sign_in_links.request_form", known=typed[:40]), 303)
    return render_template("intake/status.html", **context)


def _context(session: Session, proposal: Proposal | None) -> dict[str, Any] | None:
    """What the page of a proposal shows; None for a browser without a grant for it."""
    in_force = browser.profile(session, proposal.answers if proposal else None)
    granted = browser_grants.granted_proposals(session, browser.browser())
    if proposal is None or proposal not in granted:
        return None
    profile = versions.of(session, version=proposal.profile_version).in_language(g.language)
    view = status.case_view(session, proposal)
    if view is not None:  # the case may have been transferred to another office
        g.office = office_at(in_force, view.state["contact"]["email"]) or g.office
    summary = timeline.summarize(in_force, proposal, view, office=g.office)
    texts = in_force.page("status", g.language)
    facts = {
        "reference": references.display(proposal.reference),
        "title": proposal.title,
        "contact_name": summary.contact["name"],
        "contact_email": summary.contact["email"],
    }
    by_day = in_force.page("start", g.language)["by_day"]
    posts = _posts(session, proposal)
    return {
        "texts": texts,
        "facts": facts,
        "proposal": proposal,
        "summary": summary,
        "steps": _steps(summary, texts, by_day=by_day),
        "sheets": labels.sheets(profile, proposal.answers),
        "mails": _mails(session, proposal),
        "unreached": status.last_mail_failed(session, proposal),
        "posts": posts,
        "unanswered": _unanswered(posts),
        "answer": messages.field(
            unsent.text_of(session, proposal),
            contact=summary.contact["name"],
            checked="fix" in request.args,
        ),
        "sent": "sent" in request.args,
    }


def _steps(summary: StatusSummary, texts: dict[str, Any], *, by_day: str) -> list[dict[str, Any]]:
    """The steps as `parts.track` shows them; the first that is not done is the current one."""
    items: list[dict[str, Any]] = []
    current = next((step for step in summary.steps if not step["done"]), None)
    for step in summary.steps:
        if step["done"] and not step.get("at") and not step.get("on"):
            continue  # done without a date
        items.append(
            {
                "title": step.get("title") or browser.fill(texts["received"]),
                "state": _state(step, is_current=step is current),
                "at": step.get("at"),
                "when": _when(step, by_day=by_day),
            }
        )
    approval = _approval(summary, browser.fill(texts["approval"]))
    if approval and all(step["name"] != "route" for step in summary.steps):
        items.append({"title": approval, "state": StepState.AHEAD})
    return items


def _approval(summary: StatusSummary, approval: str) -> str:
    """The step after the decision; "" where the idea is not going there."""
    if summary.value.is_undecided:
        inside = approval if approval[1:2].isupper() else approval[:1].lower() + approval[1:]
        return browser.translate("if_accepted", step=inside)
    return approval if summary.value.awaits_approval else ""


def _state(step: dict[str, Any], *, is_current: bool) -> StepState:
    if step["done"]:
        return StepState.DONE
    return StepState.NOW if is_current else StepState.AHEAD


def _when(step: dict[str, Any], *, by_day: str) -> str:
    if step.get("late"):
        return browser.translate("was_due", day=filters.day(step["by"]))
    if step.get("on"):
        return filters.day(step["on"])
    if step.get("by") and not step["done"]:
        return browser.fill(by_day, day=filters.day(step["by"]))
    return ""


def _mails(session: Session, proposal: Proposal) -> list[tuple[str, str, datetime]]:
    """Kind, state and moment of each mail that has a label here."""
    mails = select(MailStatus).where(MailStatus.proposal_id == proposal.id)
    none = browser.translate("mail_receipt"), browser.translate("fate_not_sent")
    unsent = [] if proposal.receipt_asked else [(*none, proposal.submitted_at)]
    return unsent + [
        (
            browser.translate(f"mail_{mail.kind}"),
            browser.translate(_state_label(mail)),
            mail.changed_at,
        )
        for mail in session.scalars(mails.order_by(MailStatus.changed_at))
        if f"mail_{mail.kind}" in LABELS[g.language]
    ]


def _state_label(mail: MailStatus) -> str:
    """The label of the state, in the form that the kind of mail takes in Spanish."""
    label = MailState(mail.state).label
    return f"{label}_{mail.kind}" if f"{label}_{mail.kind}" in LABELS[g.language] else label


def _unanswered(posts: list[dict[str, Any]]) -> str:
    """That the office has the last word, so that nobody overlooks it; "" otherwise."""
    if not posts or posts[-1]["is_own"]:
        return ""
    day = filters.day(posts[-1]["said_at"])
    return browser.translate("message_waits", name=posts[-1]["author"], day=day)


def _posts(session: Session, proposal: Proposal) -> list[dict[str, Any]]:
    posts = select(Post).where(Post.proposal_id == proposal.id).order_by(Post.said_at)
    return [
        {
            "author": post.author,
            "said_at": post.said_at,
            "text": post.text,
            "is_own": post.side == PostSide.PROPOSER,
        }
        for post in session.scalars(posts)
    ]
