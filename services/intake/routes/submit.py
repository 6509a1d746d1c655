"""The end of the form: send now or add, check the answers, send, receipt.

Pressing twice, going back, two tabs, trying again after a lost answer: one proposal, one receipt.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.intake.access import browser_grants
from services.intake.forms import check_answers, fields, steps
from services.intake.forms.parsing import ParsedForm
from services.intake.models import Proposal
from services.intake.models.states import AccessKind, ProposalState
from services.intake.proposals import submission
from services.intake.proposals.submission import Submission
from services.intake.routes import browser, current_draft, rate_limits
from services.intake.routes.current_draft import CurrentDraft
from shared import crash, db, references
from shared.profile import value_of
from shared.profile.answers import validation
from shared.tables import now

bp = Blueprint("submit", __name__)

HONEYPOT = "website_2"  # stands in the page where nobody sees it


@bp.get("/draft/more")
def more_questions() -> ResponseReturnValue:
    """All that is needed is there: send now, or add what one knows."""
    here = current_draft.open_draft()
    if here.draft.proposal_id is not None:
        return redirect(url_for(".receipt"), 303)
    return render_template(
        "intake/more_questions.html",
        texts=here.profile.page("choice", g.language),
        send_now_or_add=here.profile.wording["send_now_or_add"],
        topics=steps.topics(here.steps),
        done=here.draft.done,
        missing=check_answers.missing(here.steps, _earlier_errors(here), here.branch),
    )


@bp.get("/draft/check")
def check() -> ResponseReturnValue:
    """Every answer under its question, and what is asked before sending."""
    here = current_draft.open_draft()
    if here.draft.proposal_id is not None:
        return redirect(url_for(".receipt"), 303)
    return _check_page(here)


@bp.get("/draft/send")
def redirect_to_check() -> ResponseReturnValue:
    """Sending is a button, not an address."""
    return redirect(url_for(".check"), 303)


@bp.post("/draft/send")
def send() -> ResponseReturnValue:
    """Store the proposal, exactly once, and lead to its receipt."""
    trusted = browser.trusted_form()
    amiss: dict[str, Any] = {"alert": "timed_out"}
    with db.begin() as session, session.no_autoflush:  # every table is written once, at the end
        here = current_draft.lock_draft(session)
        asked = steps.sending(here.steps)
        form = current_draft.parse(here, [*asked, {"key": HONEYPOT, "type": "text"}])
        if trusted:
            if here.draft.proposal_id is not None:
                session.expunge(here.draft)  # nothing of it changes any more
            here = current_draft.save(here, asked, form)
            amiss = _store(session, here, trusted=HONEYPOT not in form.answers)
    if amiss.pop("sent", False):
        return current_draft.already_sent_page()
    if amiss:
        return _check_page(here, form=form, **amiss), 422 if trusted else 400
    crash.point("intake.after_commit")
    return redirect(url_for(".receipt"), 303)


def _store(session: Session, here: CurrentDraft, *, trusted: bool) -> dict[str, Any]:
    """The proposal, its receipt, the pass of this browser; or what stands in the way of that.

    Who sends the same once more is told the same: the draft knows what it became.
    """
    if now() - here.draft.created_at < timedelta(seconds=float(current_app.config["SEND_AFTER"])):
        return {"alert": "hasty"}
    try:
        clean = validation.load(here.profile, here.body)
    except ValidationError as error:
        return {"errors": validation.messages_in(error, g.language)}
    if here.draft.proposal_id is not None:
        before = session.get_one(Proposal, here.draft.proposal_id)
        return {} if before.answers == clean else {"sent": True}
    sending = Submission(
        form=here.profile.body["form"],
        language=here.draft.language,
        answers=clean,
        reference=here.draft.reference,
        trusted=trusted,
        receipt=rate_limits.check_send(session, here.profile, clean),
    )
    proposal = submission.store(session, sending, profile=here.profile, at=now())
    here.draft.proposal, here.draft.remind_at = proposal, None
    browser_grants.grant(
        session,
        browser.ensure_browser(),
        kind=AccessKind.PROPOSAL,
        thing_id=proposal.id,
        lasts=browser_grants.LINK_GRANT,
    )
    crash.point("intake.before_commit")
    return {}


def _earlier_errors(here: CurrentDraft) -> dict[str, Any]:
    """The errors on the pages before the last."""
    asked = [spec for step in here.steps if step.kind != "send" for spec in step.questions]
    return current_draft.problems(here, asked)


def _check_page(
    here: CurrentDraft,
    *,
    form: ParsedForm | None = None,
    errors: dict[str, Any] | None = None,
    alert: str = "",
) -> str:
    values = current_draft.form_values(here, errors or {}, form)
    earlier_errors = _earlier_errors(here)
    agenda = check_answers.agenda(here.profile, here.body)
    return render_template(
        "intake/check.html",
        draft=here.draft,
        kept=current_draft.kept(here),
        texts=here.profile.page("check", g.language),
        beside_send=here.profile.wording["beside_send"],
        fields=fields.fields_of(values, steps.sending(here.steps)),
        steps=current_draft.step_list(here, "send"),
        sheets=check_answers.sheets(here.profile, here.body, here.steps, earlier_errors),
        agenda=agenda,
        agenda_count=str(len(agenda)),
        unanswered=check_answers.unanswered(here.steps, here.body, here.branch),
        left_out=check_answers.uncounted(here.profile, here.draft, here.body),
        missing=check_answers.missing(here.steps, earlier_errors, here.branch),
        honeypot=HONEYPOT,
        alert=alert,
    )


@bp.get("/sent")
def receipt() -> ResponseReturnValue:
    """The receipt: reference, dates, what happens next."""
    with db.read() as session:
        draft = browser.draft(session)
        profile = browser.profile(session, draft.typed if draft else None)
        proposal = session.get(Proposal, draft.proposal_id) if draft and draft.proposal_id else None
    if proposal is None or proposal.state == ProposalState.ERASED:
        raise current_draft.NoDraft
    if proposal.state == ProposalState.SUSPECTED_SPAM:
        return render_template(
            "intake/message.html",
            title=browser.translate("thanks_title"),
            paragraphs=[browser.translate("thanks_text")],
            links=[(url_for("start.home"), browser.translate("to_start"))],
        )
    reference = references.display(proposal.reference)
    dates = {name: getattr(proposal, f"{name}_by") for name in browser.PROMISES}
    return render_template(
        "intake/receipt.html",
        texts=profile.page("receipt", g.language),
        reference=reference,
        facts={
            "reference": reference,
            "title": proposal.title,
            "address": value_of(profile, proposal.answers, "contact"),
        },
        promised=browser.promised(profile, dates, at_once=browser.translate("arrived")),
    )
