"""What the office says about a case: messages, what has not left, internal notes."""

from flask import current_app

from services.review import departures
from services.review.cases import unsent_texts
from services.review.conversation import messages, notes
from services.review.forms.cases import AddNote, CaseForm, SendMessage
from services.review.forms.inline import Tried
from services.review.lifecycle import outgoing
from services.review.lifecycle.actions import CaseAction
from services.review.models.states import CaseEvent
from services.review.routes.case_action import (
    LEAVES_SOON,
    Page,
    id_of,
    locked_case,
    to_case,
    validate_or_refuse,
)
from services.review.routes.cases.page import bp, show


@bp.post("/write")
def send_message(reference: str) -> Page:
    form = SendMessage()
    if not form.validate():
        return show(reference, tried=Tried(CaseAction.SEND_MESSAGE, form))
    delay = outgoing.delay(current_app.config)
    try:
        with locked_case(reference, form) as (session, case, by):
            row = messages.send(session, case, by=by, text=form.text.data, delay=delay)
            has_left = row.id in departures.leave_due(session, case)
    except messages.AlreadySent as sent:
        form.text.errors = [str(sent)]
        return show(reference, tried=Tried(CaseAction.SEND_MESSAGE, form))
    return to_case(case, done=CaseAction.SEND_MESSAGE if has_left else LEAVES_SOON)


@bp.post("/sent/<sent>/undo")
def undo_sending(reference: str, sent: str) -> Page:
    form = CaseForm()
    validate_or_refuse(form)
    with locked_case(reference, form) as (session, case, by):
        row = outgoing.undo(session, case, id_of(sent), by=by)
        unsent_texts.give_back(session, case, row)
    return to_case(case, done=CaseAction.UNDO_SENDING)


@bp.post("/sent/<sent>/now")
def send_now(reference: str, sent: str) -> Page:
    form = CaseForm()
    validate_or_refuse(form)
    with locked_case(reference, form) as (session, case, by):
        row = outgoing.send_now(session, case, id_of(sent), by=by)
        has_left = row.id in departures.leave_due(session, case)
    return to_case(case, done=CaseAction.SEND_NOW if has_left else CaseEvent.NOT_SENT)


@bp.post("/note")
def add_note(reference: str) -> Page:
    form = AddNote()
    if not form.validate():
        return show(reference, tried=Tried(CaseAction.ADD_NOTE, form))
    try:
        with locked_case(reference, form) as (session, case, by):
            notes.add(session, case, by=by, text=form.note.data)
    except notes.UnclearMention as unclear:
        form.note.errors = [str(unclear)]
        return show(reference, tried=Tried(CaseAction.ADD_NOTE, form))
    return to_case(case, done=CaseAction.ADD_NOTE)
