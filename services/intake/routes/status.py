"""How a proposal stands: for anybody with its reference the barest, for its proposer all of it."""

from flask import Blueprint, Response, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.intake import passes, status, submissions, timeline
from services.intake.models import MailFate, Post, Proposal
from services.intake.routes import visit
from services.intake.words import WORDS, tell
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
        proposal = submissions.find(session, typed=typed)
        if browsers.reads_pages():
            return _page(session, typed, proposal)
        if proposal is None:
            raise Problem(404, "unknown_reference", "There is no proposal with this reference.")
        body = status.public(session, proposal)
    return Response(
        strict_json.dumps(body), mimetype="application/json", headers={"Vary": "Accept"}
    )


@bp.get("/status")
def mine() -> ResponseReturnValue:
    """The proposals that this browser may see; else where one asks for a link."""
    with db.read() as session:
        visit.profile(session)
        mine = passes.proposals(session, visit.browser())
    if not mine:
        return redirect(url_for("access.ask"), 303)
    if len(mine) == 1:
        return redirect(url_for(".show", typed=references.shown(mine[0].reference)), 303)
    return render_template(
        "intake/plain.html",
        title=tell("my_ideas"),
        paragraphs=[],
        links=[
            (url_for(".show", typed=references.shown(one.reference)), one.title) for one in mine
        ],
    )


def _page(session: Session, typed: str, proposal: Proposal | None) -> ResponseReturnValue:
    """The whole page for whoever has a pass. Everybody else is asked to have a link mailed, and
    does not learn whether there is such a proposal.
    """
    in_force = visit.profile(session, proposal.answers if proposal else None)
    seen = {one.id for one in passes.proposals(session, visit.browser())}
    if proposal is None or proposal.id not in seen:
        return redirect(url_for("access.ask", known=typed[:40]), 303)
    asked = versions.of(session, version=proposal.profile_version).in_language(g.language)
    mails = select(MailFate).where(MailFate.proposal_id == proposal.id)
    posts = select(Post).where(Post.proposal_id == proposal.id)
    view = status.view_of(session, proposal)
    if view is not None:  # another office than that of the answers may have it by now
        g.office = office_at(in_force, view.state["contact"]["email"]) or g.office
    return render_template(
        "intake/status.html",
        said=in_force.page("status", g.language),
        by_day=in_force.page("start", g.language)["by_day"],
        proposal=proposal,
        reference=references.shown(proposal.reference),
        stands=timeline.standing(in_force, proposal, view, office=g.office),
        sheets=labels.sheets(asked, proposal.answers),
        mails=[
            (tell(f"mail_{mail.kind}"), tell(f"fate_{mail.state}"), mail.changed_at)
            for mail in session.scalars(mails.order_by(MailFate.changed_at))
            if f"mail_{mail.kind}" in WORDS[g.language]
        ],
        posts=session.scalars(posts.order_by(Post.said_at)).all(),
    )
