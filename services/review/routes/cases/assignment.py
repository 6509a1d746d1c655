"""Who has a case: assign it, reassign it, transfer it to another office."""

from flask import redirect, url_for

from services.review.forms.cases import CaseForm, Reassign, Transfer
from services.review.forms.inline import Tried
from services.review.lifecycle import assignment
from services.review.lifecycle.actions import CaseAction
from services.review.models import Staff
from services.review.routes.case_action import Page, id_of, locked_case, to_case, validate_or_refuse
from services.review.routes.cases.page import bp, show
from shared.web.problems import Problem


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
        return show(reference, tried=Tried(CaseAction.REASSIGN, form))
    chosen = id_of(form.to.data)
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
        return show(reference, tried=Tried(CaseAction.TRANSFER, form))
    office = form.office.data or ""
    with locked_case(reference, form) as (session, case, by):
        assignment.transfer(session, case, by=by, office=office, reason=form.reason.data)
    if by.office not in (None, office):
        return redirect(url_for("queue.page", passed=reference), 303)
    return to_case(case, done=CaseAction.TRANSFER)
