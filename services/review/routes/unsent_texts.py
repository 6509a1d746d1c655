"""Keeps what is typed into a form of a case and not sent yet, and discards it."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from services.review import identity
from services.review.cases import unsent_texts, visibility
from services.review.forms import inline, kept_fields
from services.review.forms.kept_fields import FIELDS, Kept
from services.review.lifecycle import transitions
from services.review.models import Case, Staff
from services.review.routes.case_action import Page, not_found, timed_out
from shared import db, references
from shared.web import cookies, csrf
from shared.web.problems import Problem

PAGES = {
    "decisions.draft": "decisions.page",
    "decisions.edit": "decisions.letter",
    "decisions.discard": "decisions.letter",
}


def keep_or_discard(bp: Blueprint) -> None:
    """Let every form of this blueprint that asks for a text keep it or discard it."""
    bp.before_request(_keep_or_discard)
    bp.add_app_template_global(_typed_by, "typed_by")


def _typed_by() -> str:
    """For the forms of a page: who types into them, and of which case; "" on other pages."""
    reference = (request.view_args or {}).get("reference")
    return kept_fields.typed_by(identity.member().id, reference) if reference else ""


def restore(kept: Kept) -> str | None:
    """After signing in, keep what this person typed before; return the address of its form. None,
    and nothing is kept, where they cannot send that form anymore.
    """
    with db.begin() as session:
        member = session.get_one(Staff, kept.person_id)
        case = visibility.find(session, member, typed=kept.reference)
        if case is None or not transitions.may(case, inline.act_of(kept.form), by=member):
            return None
        unsent_texts.keep(session, case, by=member, form=kept.form, typed=kept.typed)
    return _page_of(case, kept.form)


def _keep_or_discard() -> Page | None:
    """The script of a form keeps what is typed; a button of the form discards it."""
    form, go = request.endpoint or "", request.form.get("go")
    if form not in FIELDS or go not in ("keep", "discard"):
        return None
    reference = (request.view_args or {})["reference"]
    _check_sender(reference)
    with db.begin() as session:
        member = session.get_one(Staff, identity.member().id)
        case = visibility.find(session, member, typed=reference)
        if case is None:
            raise not_found()
        if go == "keep":
            unsent_texts.keep(session, case, by=member, form=form, typed=_typed(form))
        else:
            unsent_texts.forget(session, case, by=member, form=form)
    if go == "keep":
        return Response("{}", mimetype="application/json")
    return redirect(_page_of(case, form), 303)


def _check_sender(reference: str) -> None:
    """The note of a form outlives its token, which ends with the session: a page that stayed open
    saves its text after its person has signed in again, and never for anybody else.
    """
    author = kept_fields.author(request.form.get(kept_fields.TYPED_BY, ""), reference=reference)
    if author is not None and author != identity.member().id:
        raise Problem(401, "somebody_else", "Somebody else typed this. Nothing was saved.")
    if author is None and not csrf.valid(within=cookies.KEPT):
        raise timed_out()


def _typed(form: str) -> dict[str, str]:
    """What is entered in this form, and the revision of the case that it was entered for."""
    return {name: request.form.get(name, "") for name in (*FIELDS[form], "revision")}


def _page_of(case: Case, form: str) -> str:
    """The address of the page with this form."""
    return url_for(PAGES.get(form, "cases.page"), reference=references.display(case.reference))
