"""The end of the form: send now or add, check the answers, send, receipt.

Pressing twice, going back, two tabs, trying again after a lost answer: one proposal, one receipt.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.intake import passes, submissions
from services.intake.forms import checking, controls, steps
from services.intake.models import Proposal
from services.intake.routes import going, limited, visit
from services.intake.routes.going import Going
from services.intake.submissions import Sending
from services.intake.words import tell
from shared import crash, db, references
from shared.profile import answers, value_of
from shared.tables import now

bp = Blueprint("sending", __name__)

TRAP = "website_2"  # stands in the page where nobody sees it


@bp.get("/draft/more")
def more() -> ResponseReturnValue:
    """All that is needed is there: send now, or add what one knows."""
    here = going.opened()
    if here.draft.proposal_id is not None:
        return redirect(url_for(".sent"), 303)
    return render_template(
        "intake/more.html",
        here=here,
        said=here.profile.page("choice", g.language),
        topics=steps.topics(here.steps),
        missing=checking.missing(here.steps, _wrong(here), here.branch),
    )


@bp.get("/draft/check")
def check() -> ResponseReturnValue:
    """Every answer under its question, and what is asked before sending."""
    here = going.opened()
    if here.draft.proposal_id is not None:
        return redirect(url_for(".sent"), 303)
    return _check_page(here, {})


@bp.get("/draft/send")
def not_yet() -> ResponseReturnValue:
    """Sending is a button, not an address."""
    return redirect(url_for(".check"), 303)


@bp.post("/draft/send")
def send() -> ResponseReturnValue:
    """Store the proposal, exactly once, and lead to its receipt."""
    trusted = visit.trusted_form()
    amiss: dict[str, Any] = {"late": True}
    with db.begin() as session, session.no_autoflush:  # every table is written once, at the end
        here = going.held(session)
        asked = steps.sending(here.steps)
        said = going.read(here, [*asked, {"key": TRAP, "type": "text"}])
        if trusted:
            if here.draft.proposal_id is not None:
                session.expunge(here.draft)  # nothing of it changes any more
            here = going.keep(here, asked, said)
            amiss = _store(session, here, trusted=TRAP not in said.answers)
    if amiss.pop("sent", False):
        return going.already_sent()
    if amiss:
        status = 400 if "late" in amiss else 422
        return _check_page(here, amiss.pop("errors", {}), said=said, **amiss), status
    crash.point("intake.after_commit")
    return redirect(url_for(".sent"), 303)


def _store(session: Session, here: Going, *, trusted: bool) -> dict[str, Any]:
    """The proposal, its receipt, the pass of this browser; or what stands in the way of that.

    Who sends the same once more is told the same: the draft knows what it became.
    """
    if now() - here.draft.created_at < timedelta(seconds=float(current_app.config["SEND_AFTER"])):
        return {"hasty": True}
    try:
        clean = answers.load(here.profile, here.body)
    except ValidationError as error:
        return {"errors": answers.told(error, g.language)}
    if here.draft.proposal_id is not None:
        before = session.get_one(Proposal, here.draft.proposal_id)
        return {} if before.answers == clean else {"sent": True}
    sending = Sending(
        form=here.profile.body["form"],
        language=here.draft.language,
        answers=clean,
        reference=here.draft.reference,
        trusted=trusted,
        receipt=limited.check_send(session, here.profile, clean),
    )
    proposal = submissions.receive(session, sending, profile=here.profile, at=now())
    here.draft.proposal, here.draft.remind_at = proposal, None
    passes.open_for(
        session,
        visit.known_browser(),
        kind="proposal",
        thing_id=proposal.id,
        lasts=passes.BY_LINK,
    )
    crash.point("intake.before_commit")
    return {}


def _wrong(here: Going) -> dict[str, Any]:
    """What is wrong on the pages before the last."""
    asked = [spec for step in here.steps if step.kind != "send" for spec in step.questions]
    return going.wrong(here, asked)


def _check_page(here: Going, errors: dict[str, Any], **more: Any) -> str:
    said = more.pop("said", None)
    asked = steps.sending(here.steps)
    shown = going.shown(here, errors, said)
    elsewhere = _wrong(here)
    return render_template(
        "intake/check.html",
        here=here,
        said=here.profile.page("check", g.language),
        fields=controls.fields_of(shown, asked),
        track=going.track(here, "send"),
        sheets=checking.sheets(here.profile, here.body, here.steps, elsewhere),
        agenda=checking.agenda(here.profile, here.body),
        open_questions=checking.unanswered(here.steps, here.body, here.branch),
        left_out=checking.left_out(here.profile, here.draft, here.body),
        missing=checking.missing(here.steps, elsewhere, here.branch),
        trap=TRAP,
        **{"late": False, "hasty": False} | more,
    )


@bp.get("/sent")
def sent() -> ResponseReturnValue:
    """The receipt: reference, dates, what happens next."""
    with db.read() as session:
        draft = visit.draft(session)
        profile = visit.profile(session, draft.typed if draft else None)
        proposal = session.get(Proposal, draft.proposal_id) if draft and draft.proposal_id else None
    if proposal is None or proposal.state == "erased":
        raise going.Lost
    if proposal.state == "quarantined":
        return render_template(
            "intake/plain.html",
            title=tell("thanks_title"),
            paragraphs=[tell("thanks_text")],
            links=[(url_for("start.home"), tell("to_start"))],
        )
    return render_template(
        "intake/sent.html",
        said=profile.page("receipt", g.language),
        by_day=profile.page("start", g.language)["by_day"],
        proposal=proposal,
        reference=references.shown(proposal.reference),
        address=value_of(profile, proposal.answers, "contact"),
        dated=[
            (getattr(proposal, f"{name}_by"), profile.promise(name, g.language))
            for name in ("first_reply", "meeting", "decision")
        ],
    )
