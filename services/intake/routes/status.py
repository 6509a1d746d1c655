"""How a proposal stands: for anybody with its reference the barest, for its proposer all of it."""

from flask import Blueprint, Response, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake.access import browser_grants
from services.intake.labels import LABELS
from services.intake.models import MailStatus, Post, Proposal
from services.intake.proposals import status, submission, timeline
from services.intake.routes import browser
from shared import db, references, strict_json
from shared.offices import office_at
from shared.profile import labels, versions
from shared.web import browsers
from shared.web.problems import Problem

bp = Blueprint("status", __name__)


@bp.get("/status/<typed>")
def show(typed: str) -> ResponseReturnValue:
    """A page for people, JSON for programs; 404 for everything that is no reference of ours.

    JSON, and whoever has no pass, get nothing of what was answered.
    """
    with db.read() as session:
        proposal = submission.find(session, typed=typed)
        if browsers.reads_pages():
            return _page(session, typed, proposal)
        if proposal is None:
            raise Problem(404, "unknown_reference", "There is no proposal with this reference.")
        body = status.public_status(session, proposal)
    return Response(
        strict_json.dumps(body), mimetype="application/json", headers={"Vary": "Accept"}
    )


@bp.get("/status")
def own_proposals() -> ResponseReturnValue:
    """The proposals that this browser may see; else where one asks for a link."""
    with db.read() as session:
        browser.profile(session)
        mine = browser_grants.granted_proposals(session, browser.browser())
    if not mine:
        return redirect(url_for("sign_in_links.request_form"), 303)
    if len(mine) == 1:
        return redirect(url_for(".show", typed=references.display(mine[0].reference)), 303)
    return render_template(
        "intake/plain.html",
        title=browser.translate("my_ideas"),
        paragraphs=[],
        links=[
            (url_for(".show", typed=references.display(one.reference)), one.title) for one in mine
        ],
    )


def _page(session: Session, typed: str, proposal: Proposal | None) -> ResponseReturnValue:
    """The whole page for whoever has a pass. Everybody else is asked to have a link mailed, and
    does not learn whether there is such a proposal.
    """
    in_force = browser.profile(session, proposal.answers if proposal else None)
    seen = {one.id for one in browser_grants.granted_proposals(session, browser.browser())}
    if proposal is None or proposal.id not in seen:
        return redirect(url_for("sign_in_links.request_form", known=typed[:40]), 303)
    asked = versions.of(session, version=proposal.profile_version).in_language(g.language)
    mails = select(MailStatus).where(MailStatus.proposal_id == proposal.id)
    posts = select(Post).where(Post.proposal_id == proposal.id)
    view = status.case_view(session, proposal)
    if view is not None:  # another office than that of the answers may have it by now
        g.office = office_at(in_force, view.state["contact"]["email"]) or g.office
    return render_template(
        "intake/status.html",
        said=in_force.page("status", g.language),
        by_day=in_force.page("start", g.language)["by_day"],
        proposal=proposal,
        reference=references.display(proposal.reference),
        stands=timeline.summarize(in_force, proposal, view, office=g.office),
        sheets=labels.sheets(asked, proposal.answers),
        mails=[
            (
                browser.translate(f"mail_{mail.kind}"),
                browser.translate(f"fate_{mail.state}"),
                mail.changed_at,
            )
            for mail in session.scalars(mails.order_by(MailStatus.changed_at))
            if f"mail_{mail.kind}" in LABELS[g.language]
        ],
        posts=session.scalars(posts.order_by(Post.said_at)).all(),
    )
