"""The end of the form: send now or add, check the answers, send, receipt.

A double click, the Back button, two tabs, a retry after a lost response: one proposal, one receipt.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from services.intake.access import browser_grants
from services.intake.drafts import versions
from services.intake.forms import check_answers, fields, steps, two_versions
from services.intake.forms.parsing import ParsedForm
from services.intake.models import Proposal
from services.intake.models.states import MailState, ProposalState
from services.intake.proposals import status, submission
from services.intake.proposals.submission import Submission
from services.intake.routes import browser, current_draft, form_addresses, rate_limits
from services.intake.routes.current_draft import CurrentDraft
from services.intake.routes.form_addresses import Pressed
from shared import addresses, crash, db, references
from shared.profile import value_of
from shared.profile.answers import validation
from shared.tables import now
from shared.web import cookies

bp = Blueprint("submit", __name__)

NO_RECEIPT: dict[str, str] = {  # by the state of the receipt: the label that replaces "on its way"
    status.NOT_SENT: "receipt_not_sent",
    **dict.fromkeys((MailState.FAILED, MailState.BOUNCED), "receipt_failed"),
    **dict.fromkeys((MailState.EXPIRED, MailState.KEPT_BACK), "receipt_failed"),
}
HONEYPOT = "website_2"  # a field that people do not see


class Sent(StrEnum):
    """What became of a post of the check page; in its address, why nothing was sent."""

    NOW = "now"
    KEPT = "kept"  # only what was typed
    OTHERWISE = "otherwise"  # it was sent before, with other answers
    INCOMPLETE = "incomplete"
    HASTY = "hasty"
    CHANGED = "changed"  # in another window since the page was opened


ALERTS = frozenset({Sent.HASTY, Sent.CHANGED})


@bp.get("/draft/more")
@bp.get("/draft/<draft>/more")
def more_questions() -> ResponseReturnValue:
    """Send now, or add more details."""
    current = current_draft.open_draft()
    if current.draft.proposal_id is not None:
        return redirect(url_for(".receipt"), 303)
    return render_template(
        "intake/more_questions.html",
        texts=current.profile.page("choice", g.language),
        send_now_or_add=current.profile.wording["send_now_or_add"],
        topics=steps.topics(current.steps),
        done=current.draft.done,
        missing=check_answers.missing(current.steps, _earlier_errors(current), current.branch),
    )


@bp.get("/draft/check")
@bp.get("/draft/<draft>/check")
def check() -> ResponseReturnValue:
    """Every answer under its question, and the last questions."""
    current = current_draft.open_draft()
    if current.draft.proposal_id is not None:
        return redirect(url_for(".receipt"), 303)
    fix = request.args.get("fix", "")
    last = next(step for step in current.steps if step.kind == "send")
    if two_versions.keys(current.draft, last.questions):
        return current_draft.choice_page(current, last, complete=fix != Sent.INCOMPLETE)
    questions = steps.sending(current.steps)
    if fix in ALERTS:
        return _check_page(current, alert=fix)
    errors = current_draft.problems(current, questions) if fix == Sent.INCOMPLETE else {}
    incomplete = fix == Sent.INCOMPLETE and not errors
    return _check_page(current, errors=errors, alert="missing" if incomplete else "")


@bp.get("/draft/send")
@bp.get("/draft/<draft>/send")
def redirect_to_check() -> ResponseReturnValue:
    """Sending takes the button of the check page."""
    return redirect(url_for(".check"), 303)


@bp.post("/draft/send")
@bp.post("/draft/<draft>/send")
def send() -> ResponseReturnValue:
    """Store the proposal exactly once, and redirect to its receipt; or only save what was typed."""
    pressed = Pressed.read()
    trusted = browser.trusted_form(within=None if pressed.advances else cookies.KEPT)
    with db.begin() as session, session.no_autoflush:  # every table is written once, at the end
        current = current_draft.lock_draft(session)
        questions = steps.sending(current.steps)
        form = current_draft.parse(current, [*questions, {"key": HONEYPOT, "type": "text"}])
        if trusted:
            rest = versions.mark_of_rest(current.draft, questions)
            shown = request.form.get("version", rest)
            was_checked = shown == rest
            if current.draft.proposal_id is not None:
                session.expunge(current.draft)  # a sent draft does not change
            if pressed.chooses:
                current_draft.choose(current, questions)
            else:
                current = current_draft.save(current, questions, form)
                was_checked = was_checked and current_draft.holds(current, questions, form)
            honest = HONEYPOT not in form.answers
            result = Sent.KEPT
            if pressed.advances:
                result = _store(session, current, trusted=honest, checked=was_checked)
    if not trusted:
        return _check_page(current, form=form, alert="timed_out"), 400
    if pressed.keeps:
        return current_draft.kept(current, questions, form, version=shown)
    return _follow(pressed, result)


def _follow(pressed: Pressed, result: Sent) -> ResponseReturnValue:
    """After a post of the check page: the receipt, the check page again, or another page."""
    if result == Sent.OTHERWISE:
        return current_draft.already_sent_page()
    if result == Sent.NOW:
        crash.point("intake.after_commit")
        return redirect(url_for(".receipt"), 303)
    if pressed.language:
        browser.use_language(pressed.language)
    elif result == Sent.KEPT and not pressed.chooses:
        return form_addresses.leave(pressed, back=url_for(".more_questions"))
    return redirect(url_for(".check", fix=None if result == Sent.KEPT else result), 303)


def _store(session: Session, current: CurrentDraft, *, trusted: bool, checked: bool) -> Sent:
    """Store the proposal, its receipt and the grant of this browser; return what became of it.

    Sending the same answers again succeeds again, because the draft knows its proposal.
    """
    draft = current.draft
    if now() - draft.created_at < timedelta(seconds=float(current_app.config["SEND_AFTER"])):
        return Sent.HASTY
    try:
        clean = validation.load(current.profile, current.body)
    except ValidationError:
        return Sent.INCOMPLETE
    if draft.proposal_id is not None:
        sent = session.get_one(Proposal, draft.proposal_id)
        if sent.answers != clean:
            return Sent.OTHERWISE
        browser.grant(session, sent, lasts=browser_grants.LINK_GRANT)
        return Sent.NOW
    if not checked:
        return Sent.CHANGED
    if current_draft.waits(current):
        return Sent.INCOMPLETE
    sending = Submission(
        form=current.profile.body["form"],
        language=draft.language,
        answers=clean,
        reference=draft.reference,
        trusted=trusted,
        receipt=rate_limits.check_send(session, current.profile, clean),
    )
    proposal = submission.store(session, sending, profile=current.profile, at=now())
    draft.proposal, draft.remind_at = proposal, None
    browser.grant(session, proposal, lasts=browser_grants.LINK_GRANT)
    crash.point("intake.before_commit")
    return Sent.NOW


def _earlier_errors(current: CurrentDraft) -> dict[str, Any]:
    """The errors on the pages before the last, and where people have to choose an answer."""
    questions = [spec for step in current.steps if step.kind != "send" for spec in step.questions]
    choice = [browser.translate("choose_version")]
    waiting = dict.fromkeys(two_versions.keys(current.draft, questions), choice)
    return current_draft.problems(current, questions) | waiting


def _check_page(
    current: CurrentDraft,
    *,
    form: ParsedForm | None = None,
    errors: dict[str, Any] | None = None,
    alert: str = "",
) -> str:
    earlier_errors = _earlier_errors(current)
    agenda = check_answers.agenda(current.profile, current.body)
    last = steps.sending(current.steps)
    return render_template(
        "intake/check.html",
        hidden=current_draft.hidden_fields(current, last)
        | {"version": versions.mark_of_rest(current.draft, last)},
        kept=current_draft.kept_until_text(current),
        texts=current.profile.page("check", g.language),
        wording=current.profile.wording,
        fields=fields.fields_of(current_draft.form_values(current, errors or {}, form), last),
        steps=current_draft.step_list(current, "send"),
        sheets=check_answers.sheets(current.profile, current.body, current.steps, earlier_errors),
        agenda=agenda,
        agenda_count=str(len(agenda)),
        unanswered=check_answers.unanswered(current.steps, current.body, current.branch),
        left_out=check_answers.uncounted(*current),
        missing=check_answers.missing(current.steps, earlier_errors, current.branch),
        honeypot=HONEYPOT,
        alert=alert,
    )


@bp.get("/sent")
@bp.get("/sent/<draft>")
def receipt() -> ResponseReturnValue:
    """The receipt: reference, dates, what happens next."""
    with db.read() as session:
        draft = browser.draft(session)
        profile = browser.profile(session, draft.typed if draft else None)
        proposal = session.get(Proposal, draft.proposal_id) if draft and draft.proposal_id else None
        mail = status.receipt_state(session, proposal) if proposal else ""
    if proposal is None or proposal.state == ProposalState.ERASED:
        raise current_draft.NoDraft
    if proposal.state == ProposalState.SUSPECTED_SPAM:
        return render_template(
            "intake/message.html",
            title=browser.translate("thanks_title"),
            paragraphs=[browser.translate("thanks_text")],
            links=[(url_for("start.home"), browser.translate("to_start"))],
        )
    dates = {name: getattr(proposal, f"{name}_by") for name in browser.PROMISES}
    return render_template(
        "intake/receipt.html",
        texts=profile.page("receipt", g.language),
        copy_waits=proposal.copy_waits,
        no_mail=NO_RECEIPT.get(mail, ""),
        facts={
            "reference": references.display(proposal.reference),
            "title": proposal.title,
            "address": addresses.readable(str(value_of(profile, proposal.answers, "contact"))),
        },
        promised=browser.promised(profile, dates, at_once=browser.translate("arrived")),
    )
