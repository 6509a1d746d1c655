"""From a decision to its letter: drafted, changed, read as it will arrive, released."""

from datetime import date
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from services.review import departures, identity, labels
from services.review.cases import unsent_texts, visibility
from services.review.cases.unsent_texts import NOTHING, Unsent
from services.review.decisions import letter_checks, letters
from services.review.decisions.letter_checks import LetterCheck
from services.review.decisions.letters import Decision
from services.review.forms import inline
from services.review.forms.cases import CaseForm, Decide, EditLetter, ReasonForm
from services.review.forms.inline import Entered, Tried
from services.review.lifecycle import outgoing, transitions
from services.review.lifecycle.actions import TRANSITIONS, CaseAction
from services.review.models import Case
from services.review.models.states import LetterKind
from services.review.routes import case_action
from services.review.routes.case_action import (
    LEAVES_SOON,
    Page,
    error_status,
    locked_case,
    not_found,
    to_case,
    validate_or_refuse,
)
from services.review.routes.edit_conflict import show_conflicts
from services.review.routes.unsent_texts import keep_or_discard
from shared import calendar, db, references
from shared.profile import Profile, versions
from shared.tables import now
from shared.web.problems import Problem

bp = Blueprint("decisions", __name__, url_prefix="/cases/<reference>")
keep_or_discard(bp)
show_conflicts(bp)

CREATED = TRANSITIONS[CaseAction.DRAFT_LETTER].notice
LISTED = "You’re listed on this proposal, so a colleague must send it."


@bp.get("/decision")
def page(reference: str) -> Page:
    """What was decided: the form from which the letter is written."""
    case, profile = _load(reference)
    with db.read() as session:
        unsent = unsent_texts.of_case(session, case, by=identity.member())
    typed: dict[str, Any] = {"revision": case.revision, **unsent.of("decisions.draft")}
    form = Decide(formdata=None, data=typed | {"until": _day(typed.get("until", ""))})
    _offer_choices(form, profile)
    return _decision_page(case, profile, form, unsent=unsent)


@bp.post("/decision")
def draft(reference: str) -> Page:
    """Write the letter; it takes the place of the draft that the form was shown with."""
    case, profile = _load(reference)
    form = Decide()
    _offer_choices(form, profile)
    if not form.validate():
        return _decision_page(case, profile, form, error_status(form))
    names = ("kind", "reason", "wording", "change", "until", "note")
    decided = Decision(**{name: form[name].data for name in names})
    decided = decided._replace(kind=LetterKind(decided.kind))
    with locked_case(reference, form) as (session, case, by):
        letters.draft(session, case, by=by, decision=decided)
    return _to_letter(case, done=CaseAction.DRAFT_LETTER)


@bp.get("/letter")
def letter(reference: str) -> Page:
    """The letter as it will arrive, or has; and the draft to change or release."""
    return _letter_page(reference)


@bp.post("/letter")
def edit(reference: str) -> Page:
    """Change the draft."""
    form = EditLetter()
    if not form.validate():
        return _letter_page(reference, tried=Tried(CaseAction.EDIT_LETTER, form))
    words = {"subject": form.subject.data, "text": form.text.data}
    with locked_case(reference, form) as (session, case, by):
        letters.edit(session, case, by=by, words=words)
    return _to_letter(case)


@bp.post("/letter/discard")
def discard(reference: str) -> Page:
    """Throw the draft away."""
    form = ReasonForm()
    if not form.validate():
        return _letter_page(reference, tried=Tried(CaseAction.DISCARD_LETTER, form))
    with locked_case(reference, form) as (session, case, by):
        letters.discard(session, case, by=by, reason=form.reason.data)
    return to_case(case, done=CaseAction.DISCARD_LETTER)


@bp.post("/letter/release")
def release(reference: str) -> Page:
    """Send it as it was shown: the revision in the form says that nobody has changed it since."""
    form = CaseForm()
    validate_or_refuse(form)
    delay = outgoing.delay(current_app.config)
    with locked_case(reference, form) as (session, case, by):
        row = letters.send(session, case, by=by, delay=delay)
        has_left = row.id in departures.leave_due(session, case)
    return to_case(case, done=CaseAction.SEND_LETTER if has_left else LEAVES_SOON)


def _to_letter(case: Case, *, done: str | None = None) -> Page:
    """After a change, show the letter before anything else."""
    reference = references.display(case.reference)
    return redirect(url_for("decisions.letter", reference=reference, done=done), 303)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _offer_choices(form: Decide, profile: Profile) -> None:
    form.offer(profile, today=calendar.local_day(profile, now()))


def _load(reference: str) -> tuple[Case, Profile]:
    with db.read() as session:
        case = visibility.find(session, identity.member(), typed=reference)
        if case is None:
            raise not_found()
        return case, versions.of(session, version=case.profile_version)


def _decision_page(
    case: Case, profile: Profile, form: Decide, status: int = 200, *, unsent: Unsent = NOTHING
) -> Page:
    if not transitions.may(case, CaseAction.DRAFT_LETTER, by=identity.member()):
        raise Problem(409, "not_possible", "You can’t decide this case right now.")
    with db.read() as session:
        waiting = letters.open_draft(session, case)
        if waiting is not None:
            session.refresh(waiting, ["drafted_by"])
    shown = render_template(
        "review/decision.html",
        case=case,
        reference=references.display(case.reference),
        form=form,
        reasons=profile.in_language(case.language).reasons,
        language=case.language,
        unsent=unsent.rows.get("decisions.draft"),
        waiting=waiting,
    )
    return shown, status


def _letter_page(reference: str, *, tried: Tried | None = None) -> Page:
    member = identity.member()
    with db.read() as session:
        case = visibility.find(session, member, typed=reference)
        if case is None:
            raise not_found()
        profile = versions.of(session, version=case.profile_version)
        waiting = letters.open_draft(session, case)
        sent = letters.released(session, case)
        if waiting is None and not sent:
            raise Problem(404, "no_letter", "This case has no letter yet.")
        checks = LetterCheck([], [])
        if waiting is not None:
            checks = letter_checks.check(session, case, waiting, profile=profile)
        leaving = outgoing.leaving_letter(session, case)
        permission = _release_permission(case, waiting, profile, checks)
        if visibility.has_conflict(case, member):
            waiting = None  # they read it when it is sent, as the proposer does
        author = waiting.drafted_by.name if waiting else ""
        released = [(row, row.released_by.name if row.released_by else "") for row in sent]
        entered = Entered(tried, unsent_texts.of_case(session, case, by=member))
    forms = inline.on_letter(waiting, entered=entered)
    shown = render_template(
        "review/letter.html",
        case=case,
        reference=references.display(case.reference),
        recipient=case.people[0]["name"] if case.people else "the proposer",
        draft=waiting,
        author=author,
        checks=checks,
        released=released,
        inline=forms,
        decision=labels.DECISIONS.get(waiting.kind, "") if waiting else "",
        done=CREATED if request.args.get("done") == CaseAction.DRAFT_LETTER else "",
        may_edit=not leaving and transitions.may(case, CaseAction.EDIT_LETTER, by=member),
        leaving=leaving,
        leaves_after=case_action.leaves_after(),
        **permission,
    )
    return shown, forms.status


def _release_permission(
    case: Case, waiting: Any, profile: Profile, checks: LetterCheck
) -> dict[str, Any]:
    """Whether this person may release the draft, and if not, why."""
    member = identity.member()
    if waiting is None:
        return {"may_release": False, "why_not": ""}
    if visibility.has_conflict(case, member):
        return {"may_release": False, "why_not": LISTED}
    if not transitions.may(case, CaseAction.SEND_LETTER, by=member):
        return {"may_release": False, "why_not": "Only a lead or director can send this letter."}
    if letters.needs_second_person(waiting, profile=profile, by=member):
        return {
            "may_release": False,
            "why_not": "You wrote this letter, so another lead or director has to send it.",
        }
    return {"may_release": not checks.faults, "why_not": ""}
