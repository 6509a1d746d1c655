"""Keeps what is typed into a form of a case while people type it, and discards it."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from services.review import identity
from services.review.cases import unsent_texts, visibility
from services.review.forms.kept_fields import LONG_TEXTS
from services.review.models import Case, Staff
from services.review.routes.case_action import Page, not_found, timed_out
from shared import db, references
from shared.web import cookies, csrf

PAGES = {
    "decisions.draft": "decisions.page",
    "decisions.edit": "decisions.letter",
    "decisions.discard": "decisions.letter",
}


def keep_or_discard(bp: Blueprint) -> None:
    """Let every form of this blueprint that asks for a text keep it or discard it."""
    bp.before_request(_keep_or_discard)


def _keep_or_discard() -> Page | None:
    """The script of a form keeps what is typed; a button of the form discards it."""
    form, go = request.endpoint or "", request.form.get("go")
    if form not in LONG_TEXTS or go not in ("keep", "discard"):
        return None
    if not csrf.valid(within=cookies.KEPT):
        raise timed_out()
    with db.begin() as session:
        member = session.get_one(Staff, identity.member().id)
        case = visibility.find(session, member, typed=(request.view_args or {})["reference"])
        if case is None:
            raise not_found()
        if go == "keep":
            unsent_texts.keep(session, case, by=member, form=form, typed=_typed(form))
        else:
            unsent_texts.forget(session, case, by=member, form=form)
    if go == "keep":
        return Response("{}", mimetype="application/json")
    return redirect(_page_of(case, form), 303)


def _typed(form: str) -> dict[str, str]:
    """The texts of this form, and the revision of the case that they were typed for."""
    return {name: request.form.get(name, "") for name in (*LONG_TEXTS[form], "revision")}


def _page_of(case: Case, form: str) -> str:
    """The address of the page with this form."""
    return url_for(PAGES.get(form, "cases.page"), reference=references.display(case.reference))
