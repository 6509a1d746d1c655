"""From a decision to its letter: drafted, changed, read as it will arrive, released."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session

from services.review import caseload, decisions, identity, lifecycle
from services.review.decisions import Decision
from services.review.forms.cases import Decide, EditLetter, OnCase, WithReason
from services.review.models import Case, Staff
from services.review.routes.acting import (
    OPEN_TOO_LONG,
    Page,
    perform,
    plainly,
    status_of,
    unknown,
)
from shared import calendar, db, references
from shared.profile import Profile, versions
from shared.tables import now
from shared.web.problems import Problem

bp = Blueprint("decisions", __name__, url_prefix="/cases/<typed>")


@bp.get("/decision")
def page(typed: str) -> Page:
    """What was decided: the form from which the letter is written."""
    case, profile = _found(typed)
    form = Decide(formdata=None, data={"revision": case.revision})
    _offer(form, profile)
    return _decision(case, profile, form, 200)


@bp.post("/decision")
def draft(typed: str) -> Page:
    """Write the letter; it takes the place of a draft that is there."""
    case, profile = _found(typed)
    form = Decide()
    _offer(form, profile)
    if not form.validate():
        if form.csrf_token.errors:
            form.kind.errors = [OPEN_TOO_LONG]
        return _decision(case, profile, form, status_of(form))
    names = ("kind", "reason", "wording", "change", "until", "note")
    decided = Decision(**{name: form[name].data for name in names})

    def act(session: Session, case: Case, by: Staff) -> None:
        decisions.draft(session, case, by=by, decision=decided)

    return _to_letter(perform(typed, form, act, done="draft"), typed)


@bp.get("/letter")
def letter(typed: str) -> Page:
    """The letter as it will arrive, or has; and the draft to change or release."""
    return _letter(typed, None, 200)


@bp.post("/letter")
def edit(typed: str) -> Page:
    """Change the draft."""
    form = EditLetter()
    if not form.validate():
        if form.csrf_token.errors:
            form.text.errors = [OPEN_TOO_LONG]
        return _letter(typed, form, status_of(form))
    words = {"subject": form.subject.data, "text": form.text.data}

    def act(session: Session, case: Case, by: Staff) -> None:
        decisions.edit(session, case, by=by, words=words)

    return _to_letter(perform(typed, form, act, done="draft"), typed)


@bp.post("/letter/discard")
def discard(typed: str) -> Page:
    """Throw the draft away."""
    form = WithReason()
    plainly(form)

    def act(session: Session, case: Case, by: Staff) -> None:
        decisions.discard(session, case, by=by, reason=form.reason.data)

    return perform(typed, form, act, done="discard")


@bp.post("/letter/release")
def release(typed: str) -> Page:
    """Send it as it was shown: the revision in the form says that nobody has changed it since."""
    form = OnCase()
    plainly(form)

    def act(session: Session, case: Case, by: Staff) -> None:
        decisions.release(session, case, by=by)

    return perform(typed, form, act, done="release")


def _to_letter(answer: Page, typed: str) -> Page:
    """A draft is looked at before anything else."""
    went_well = getattr(answer, "status_code", 0) == 303
    return redirect(url_for("decisions.letter", typed=typed), 303) if went_well else answer


def _offer(form: Decide, profile: Profile) -> None:
    form.offer(profile, today=calendar.local_day(profile, now()))


def _found(typed: str) -> tuple[Case, Profile]:
    with db.read() as session:
        case = caseload.find(session, identity.member(), typed=typed)
        if case is None:
            raise unknown()
        return case, versions.of(session, version=case.profile_version)


def _decision(case: Case, profile: Profile, form: Decide, status: int) -> Page:
    if not lifecycle.may(case, "draft", by=identity.member()):
        raise Problem(409, "not_possible", "This case cannot be decided now, or not by you.")
    shown = render_template(
        "review/decision.html",
        case=case,
        reference=references.shown(case.reference),
        form=form,
        reasons=profile.in_language(case.language).reasons,
        language=case.language,
    )
    return shown, status


def _letter(typed: str, form: EditLetter | None, status: int) -> Page:
    member = identity.member()
    with db.read() as session:
        case = caseload.find(session, member, typed=typed)
        if case is None:
            raise unknown()
        profile = versions.of(session, version=case.profile_version)
        waiting = decisions.open_draft(session, case)
        sent = decisions.released(session, case)
        if waiting is None and not sent:
            raise Problem(404, "no_letter", "This case has no letter yet.")
        shown = render_template(
            "review/letter.html",
            case=case,
            reference=references.shown(case.reference),
            draft=waiting,
            released=sent,
            form=form or _as_drafted(case, waiting),
            may_edit=lifecycle.may(case, "edit", by=member),
            **_release(case, waiting, profile),
        )
    return shown, status


def _as_drafted(case: Case, waiting: Any) -> EditLetter:
    words = {"subject": waiting.subject, "text": waiting.text} if waiting else {}
    return EditLetter(formdata=None, data={"revision": case.revision, **words})


def _release(case: Case, waiting: Any, profile: Profile) -> dict[str, Any]:
    """Whether this person may release the draft, and if not, why."""
    member = identity.member()
    if waiting is None:
        return {"may_release": False, "why_not": ""}
    if not lifecycle.may(case, waiting.kind, by=member):
        return {"may_release": False, "why_not": "A lead or director releases it."}
    if decisions.needs_other_eyes(waiting, profile=profile, by=member):
        return {
            "may_release": False,
            "why_not": "You wrote this letter, so another lead or director releases it.",
        }
    return {"may_release": True, "why_not": ""}
