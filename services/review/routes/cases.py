"""The page of a case, and what can be done on it short of a decision."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from services.review import case_page, departures, identity, labels
from services.review.case_page import CasePage
from services.review.cases import audit, deadlines, unsent_texts, visibility
from services.review.conversation import messages, notes
from services.review.forms import inline
from services.review.forms.cases import (
    AddNote,
    CaseForm,
    ReasonForm,
    Reassign,
    ResolveMail,
    SendMessage,
    Transfer,
)
from services.review.forms.inline import Entered, Tried
from services.review.lifecycle import assignment, outgoing, reopening, transitions, unconfirmed_mail
from services.review.lifecycle.transitions import CaseAction
from services.review.models import Case, Staff
from services.review.models.states import CaseEvent
from services.review.routes.case_action import (
    LEAVES_SOON,
    Page,
    leaves_after,
    locked_case,
    not_found,
    to_case,
    validate_or_refuse,
)
from services.review.routes.edit_conflict import show_conflicts
from services.review.routes.unsent_texts import keep_or_discard
from services.review.staff import people
from shared import calendar, db, references
from shared.events import MailAnswer
from shared.profile import Profile, versions
from shared.tables import now
from shared.web.problems import Problem

bp = Blueprint("cases", __name__, url_prefix="/cases/<reference>")
keep_or_discard(bp)
show_conflicts(bp)

NOTICES = {action.value: row.notice for action, row in transitions.TRANSITIONS.items()} | {
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
    return _page(reference)


@bp.post("/take")
def assign_to_self(reference: str) -> Page:
    form = CaseForm()
    validate_or_refuse(form)
    with locked_case(reference, form) as (session, case, by):
        assignment.assign_to_self(session, case, by=by)
    return to_case(case, done=CaseAction.ASSIGN_TO_SELF)


@bp.post("/give-back")
def unassign(reference: str) -> Page:
    form = CaseForm()
    validate_or_refuse(form)
    with locked_case(reference, form) as (session, case, by):
        assignment.unassign(session, case, by=by)
    return to_case(case, done=CaseAction.UNASSIGN)


@bp.post("/hand-over")
def reassign(reference: str) -> Page:
    form = Reassign()
    if not form.validate():
        return _page(reference, tried=Tried(CaseAction.REASSIGN, form))
    chosen = _id(form.to.data)
    with locked_case(reference, form) as (session, case, by):
        to = session.get(Staff, chosen) if chosen else None
        if to is None:
            raise Problem(422, "colleague", "Choose a colleague from the list.")
        assignment.reassign(session, case, by=by, to=to, reason=form.reason.data)
    return to_case(case, done=CaseAction.REASSIGN)


@bp.post("/pass-on")
def transfer(reference: str) -> Page:
    form = Transfer()
    if not form.validate():
        return _page(reference, tried=Tried(CaseAction.TRANSFER, form))
    office = form.office.data or ""
    with locked_case(reference, form) as (session, case, by):
        assignment.transfer(session, case, by=by, office=office, reason=form.reason.data)
    if by.office not in (None, office):
        return redirect(url_for("queue.page", passed=reference), 303)
    return to_case(case, done=CaseAction.TRANSFER)


@bp.post("/write")
def send_message(reference: str) -> Page:
    form = SendMessage()
    if not form.validate():
        return _page(reference, tried=Tried(CaseAction.SEND_MESSAGE, form))
    delay = outgoing.delay(current_app.config)
    try:
        with locked_case(reference, form) as (session, case, by):
            row = messages.send(session, case, by=by, text=form.text.data, delay=delay)
            has_left = row.id in departures.leave_due(session, case)
    except messages.AlreadySent as sent:
        form.text.errors = [str(sent)]
        return _page(reference, tried=Tried(CaseAction.SEND_MESSAGE, form))
    return to_case(case, done=CaseAction.SEND_MESSAGE if has_left else LEAVES_SOON)


@bp.post("/sent/<sent>/undo")
def undo_sending(reference: str, sent: str) -> Page:
    form = CaseForm()
    validate_or_refuse(form)
    with locked_case(reference, form) as (session, case, by):
        row = outgoing.undo(session, case, _id(sent), by=by)
        unsent_texts.give_back(session, case, row)
    return to_case(case, done=CaseAction.UNDO_SENDING)


@bp.post("/sent/<sent>/now")
def send_now(reference: str, sent: str) -> Page:
    form = CaseForm()
    validate_or_refuse(form)
    with locked_case(reference, form) as (session, case, by):
        row = outgoing.send_now(session, case, _id(sent), by=by)
        has_left = row.id in departures.leave_due(session, case)
    return to_case(case, done=CaseAction.SEND_NOW if has_left else CaseEvent.NOT_SENT)


@bp.post("/note")
def add_note(reference: str) -> Page:
    form = AddNote()
    if not form.validate():
        return _page(reference, tried=Tried(CaseAction.ADD_NOTE, form))
    try:
        with locked_case(reference, form) as (session, case, by):
            notes.add(session, case, by=by, text=form.note.data)
    except notes.UnclearMention as unclear:
        form.note.errors = [str(unclear)]
        return _page(reference, tried=Tried(CaseAction.ADD_NOTE, form))
    return to_case(case, done=CaseAction.ADD_NOTE)


@bp.post("/reopen")
def reopen(reference: str) -> Page:
    form = ReasonForm()
    if not form.validate():
        return _page(reference, tried=Tried(CaseAction.REOPEN, form))
    with locked_case(reference, form) as (session, case, by):
        reopening.reopen(session, case, by=by, reason=form.reason.data)
    return to_case(case, done=CaseAction.REOPEN)


@bp.post("/mails/<mail>/settle")
def resolve_mail(reference: str, mail: str) -> Page:
    form = ResolveMail()
    validate_or_refuse(form)
    with locked_case(reference, form) as (session, case, by):
        resolution = unconfirmed_mail.Resolution(
            _id(mail), form.version.data, MailAnswer(form.answer.data)
        )
        is_settled = unconfirmed_mail.resolve(session, case, by=by, resolution=resolution)
    return to_case(case, done=f"settle_{form.answer.data}" if is_settled else "settle_tried")


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _page(reference: str, *, tried: Tried | None = None) -> tuple[str, int]:
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
        may={act.slug: transitions.may(case, act, by=member) for act in transitions.TRANSITIONS},
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
