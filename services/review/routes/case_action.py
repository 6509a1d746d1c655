"""How every button of a case works: a valid form, a locked case, one transaction, a redirect."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import current_app, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.review import identity
from services.review.cases import unsent_texts, visibility
from services.review.forms.kept_fields import FIELDS
from services.review.lifecycle import outgoing
from services.review.lifecycle.actions import NotAllowed, Refused
from services.review.models import Case, Staff
from shared import db, references
from shared.web.problems import Problem
from shared.web.ui.labels import say

Page = str | tuple[str, int] | Response
LockedCase = tuple[Session, Case, Staff]
Pairs = list[tuple[str, str]]


def not_found() -> Problem:
    """There is no such case, or none that this person may see."""
    return Problem(
        404,
        "unknown_reference",
        "There is no case with this reference, or you don’t have access to it.",
    )


@contextmanager
def locked_case(reference: str, form: Any) -> Iterator[LockedCase]:
    """Lock the case that a valid form is about, in one transaction.

    Raises Problem: 404, 409 for what is not possible now, 403 for what this person may not do. A
    colleague who was faster raises Stale, which routes/edit_conflict.py turns into a page.
    """
    try:
        with db.begin() as session:
            member = session.get_one(Staff, identity.member().id)
            case = visibility.lock(session, member, typed=reference, revision=form.revision.data)
            if case is None:
                raise not_found()
            yield session, case, member
            if request.endpoint in FIELDS:
                unsent_texts.forget(session, case, by=member, form=request.endpoint)
    except Refused as refused:
        forbidden = isinstance(refused, NotAllowed)
        code = "not_allowed" if forbidden else "not_possible"
        raise Problem(403 if forbidden else 409, code, str(refused)) from None


LEAVES_SOON = "leaves_soon"  # what the page of a case says after something was sent


def leaves_after() -> str:
    """What a button says of the moment when something leaves."""
    seconds = int(outgoing.delay(current_app.config).total_seconds())
    if seconds == 0:
        return "It goes out immediately and can’t be undone."
    minutes = round(seconds / 60)
    after = (
        f"{seconds} seconds"
        if seconds < 60
        else "1 minute"
        if minutes == 1
        else f"{minutes} minutes"
    )
    return f"It leaves in {after}. You can undo until then."


def to_case(case: Case, *, done: str) -> Response:
    """Redirect to the page of the case, which then says what was done."""
    reference = references.display(case.reference)
    return redirect(url_for("cases.page", reference=reference, done=done), 303)


def timed_out() -> Problem:
    """The token of the form is too old; pages with fields show `forms.timed_out()`."""
    return Problem(400, "open_too_long", say("timed_out_reload"))


def validate_or_refuse(form: Any, *, otherwise: str = "") -> None:
    """Check a form that holds nothing worth keeping. Raises Problem: 400 for an old token, and only
    for that; 422 for a field, with its errors or the sentence `otherwise`.
    """
    if form.validate():
        return
    if form.csrf_token.errors:
        raise timed_out()
    messages = [str(error) for errors in form.errors.values() for error in errors]
    raise Problem(422, "incomplete", otherwise or " ".join(messages))


def error_status(form: Any) -> int:
    """400 for a form whose token has expired, 422 for what was typed."""
    return 400 if form.csrf_token.errors else 422


def readable(kept: Pairs) -> list[str]:
    """The values worth showing: one without a space is a choice, a day or a number."""
    return [value for _, value in kept if " " in value]


def id_of(text: str | None) -> UUID | None:
    """The id in an address or a field; None if there is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
