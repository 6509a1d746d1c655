"""The page of a case, and what can be done on it short of a decision."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from services.review import (
    audit,
    caseload,
    clock,
    dossier,
    doubts,
    identity,
    lifecycle,
    notes,
    staff,
    words,
)
from services.review.forms.cases import (
    AddNote,
    HandOver,
    OnCase,
    PassOn,
    SettleMail,
    WithReason,
    Write,
)
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

bp = Blueprint("cases", __name__, url_prefix="/cases/<typed>")

DONE = {
    "take": "You look after this case now. The proposer sees your name.",
    "give_back": "Nobody looks after this case now. It stands in the queue for whoever takes it.",
    "hand_over": "Handed over. The proposer sees the new name.",
    "pass_on": "Passed on. The proposer sees the other office and whom to turn to there.",
    "write": "Your message is on its way to the proposer’s page.",
    "note": "Noted, for the office alone. Whom it names is told.",
    "reopen": "The case is open again, with new dates.",
    "draft": "The letter is drafted.",
    "discard": "The draft is gone. The case is where it was before.",
    "settle_arrived": "Noted: the mail arrived.",
    "settle_again": "The mail goes out once more.",
    "release": "The letter is released. It goes out by mail and stands on the proposer’s page.",
}


@bp.get("")
def page(typed: str) -> Page:
    """The case with everything that this person may read; her look is written down."""
    return _page(typed)


@bp.post("/take")
def take(typed: str) -> Page:
    form = OnCase()
    plainly(form)
    return perform(typed, form, lambda s, case, by: lifecycle.take(s, case, by=by), done="take")


@bp.post("/give-back")
def give_back(typed: str) -> Page:
    form = OnCase()
    plainly(form)

    def act(session: Session, case: Case, by: Staff) -> None:
        lifecycle.give_back(session, case, by=by)

    return perform(typed, form, act, done="give_back")


@bp.post("/hand-over")
def hand_over(typed: str) -> Page:
    form = HandOver()
    plainly(form)
    chosen = _id(form.to.data)

    def act(session: Session, case: Case, by: Staff) -> None:
        to = session.get(Staff, chosen) if chosen else None
        if to is None:
            raise Problem(422, "colleague", "Choose a colleague from the list.")
        lifecycle.hand_over(session, case, by=by, to=to, reason=form.reason.data)

    return perform(typed, form, act, done="hand_over")


@bp.post("/pass-on")
def pass_on(typed: str) -> Page:
    form = PassOn()
    plainly(form)
    office = form.office.data or ""

    def act(session: Session, case: Case, by: Staff) -> None:
        lifecycle.pass_on(session, case, by=by, office=office, reason=form.reason.data)

    answer = perform(typed, form, act, done="pass_on")
    moved = getattr(answer, "status_code", 0) == 303
    if moved and identity.member().office not in (None, office):
        return redirect(url_for("queue.page", passed=typed), 303)
    return answer


@bp.post("/write")
def write(typed: str) -> Page:
    form = Write()
    if not form.validate():
        if form.csrf_token.errors:
            form.text.errors = [OPEN_TOO_LONG]
        return _page(typed, status_of(form), form=form)

    def act(session: Session, case: Case, by: Staff) -> None:
        lifecycle.write(session, case, by=by, text=form.text.data)

    return perform(typed, form, act, done="write")


@bp.post("/note")
def note(typed: str) -> Page:
    form = AddNote()
    if not form.validate():
        if form.csrf_token.errors:
            form.note.errors = [OPEN_TOO_LONG]
        return _page(typed, status_of(form), noting=form)

    def act(session: Session, case: Case, by: Staff) -> None:
        notes.add(session, case, by=by, text=form.note.data)

    try:
        return perform(typed, form, act, done="note")
    except notes.Unclear as unclear:
        form.note.errors = [str(unclear)]
        return _page(typed, 422, noting=form)


@bp.post("/reopen")
def reopen(typed: str) -> Page:
    form = WithReason()
    plainly(form)

    def act(session: Session, case: Case, by: Staff) -> None:
        lifecycle.reopen(session, case, by=by, reason=form.reason.data)

    return perform(typed, form, act, done="reopen")


@bp.post("/mails/<mail>/settle")
def settle(typed: str, mail: str) -> Page:
    form = SettleMail()
    plainly(form)

    def act(session: Session, case: Case, by: Staff) -> None:
        found = doubts.Found(_id(mail), form.version.data, form.answer.data)
        doubts.settle(session, case, by=by, found=found)

    return perform(typed, form, act, done=f"settle_{form.answer.data}")


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _page(
    typed: str, status: int = 200, *, form: Write | None = None, noting: AddNote | None = None
) -> tuple[str, int]:
    with db.begin() as session:
        member = session.get_one(Staff, identity.member().id)
        case = caseload.find(session, member, typed=typed)
        if case is None:
            raise unknown()
        profile = versions.of(session, version=case.profile_version)
        news = [dossier.happened(row) for row in audit.look(session, case, by=member)]
        shown = render_template(
            "review/case.html",
            case=case,
            reference=references.shown(case.reference),
            file=dossier.of(session, case, profile=profile, member=member),
            news=news,
            form=form or Write(formdata=None),
            noting=noting or AddNote(formdata=None),
            done=DONE.get(request.args.get("done", "")),
            colleagues=[
                one
                for one in staff.colleagues(session, office=case.office)
                if one.id != case.owner_id
            ],
            offices=[one for one in profile.offices if one["value"] != case.office],
            may={step: lifecycle.may(case, step, by=member) for step in lifecycle.STEPS},
            **_head(case, profile),
        )
    return shown, status


def _head(case: Case, profile: Profile) -> dict[str, Any]:
    public = profile.public_label(case.public_label, profile.language)
    today = calendar.local_day(profile, now())
    return {
        "state": words.state(case, profile=profile),
        "tone": words.TONES.get(case.state, "" if case.owner_id else "new"),
        "due": clock.of(case, profile=profile, today=today),
        "branch": words.plain(case.branch),
        "public_label": public["label"],
        "office": profile.office(case.office)["label"],
    }
