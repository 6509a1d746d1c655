"""A case that is closed or on hold is reopened."""

from services.review.forms.cases import ReasonForm
from services.review.forms.inline import Tried
from services.review.lifecycle import reopening
from services.review.lifecycle.actions import CaseAction
from services.review.routes.case_action import Page, locked_case, to_case
from services.review.routes.cases.page import bp, show


@bp.post("/reopen")
def reopen(reference: str) -> Page:
    form = ReasonForm()
    if not form.validate():
        return show(reference, tried=Tried(CaseAction.REOPEN, form))
    with locked_case(reference, form) as (session, case, by):
        reopening.reopen(session, case, by=by, reason=form.reason.data)
    return to_case(case, done=CaseAction.REOPEN)
