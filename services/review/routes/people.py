"""The people of the office, for administrators: invite, change, let out and in again."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.review import identity, invitations, staff, words
from services.review.forms.people import EVERY_OFFICE, Invite, Place, office_of
from services.review.forms.sign_in import Button
from services.review.models import Staff
from services.review.routes.account import OPEN_TOO_LONG
from shared import db, logs
from shared.profile import Profile, versions
from shared.web.problems import Problem
from shared.web.ui import look

bp = Blueprint("people", __name__)
log = logs.logger(__name__)

Page = str | tuple[str, int] | Response

DONE = {
    "invited": "The invitation is on its way.",
    "changed": "Changed. Whoever it is about has to sign in again.",
    "out": "Nobody comes in with this account any more.",
    "in": "This account works again, with the password that it had.",
}


@bp.get("/people")
def page() -> Page:
    """Everybody who has an account here, and how to add somebody."""
    with db.read() as session:
        return _page(session, None)


@bp.post("/people/invite")
def invite() -> Page:
    """Add somebody; she gets a link with which she chooses her password."""
    with db.begin() as session:
        profile = versions.in_force(session)
        form = Invite(profile)
        if not form.validate():
            late = bool(form.csrf_token.errors)
            if late:
                form.name.errors = [OPEN_TOO_LONG]
            return _page(session, form), 400 if late else 422
        try:
            member = staff.add(
                session,
                name=form.name.data,
                email=form.email.data,
                role=form.role.data,
                office=office_of(form),
            )
        except staff.Refused as refused:
            form.email.errors = [str(refused)]
            return _page(session, form), 422
        invitations.invite(session, member, profile=profile, by=identity.member())
    return _done("invited")


@bp.post("/people/<member>/invite")
def invite_again(member: str) -> Page:
    """Another link for somebody who has chosen no password yet; the one before works no more."""
    _checked()
    with db.begin() as session:
        somebody = _somebody(session, member)
        if somebody.password_hash or not somebody.active:
            raise Problem(409, "no_need", "She has a password, or may not come in at all.")
        profile = versions.in_force(session)
        invitations.invite(session, somebody, profile=profile, by=identity.member())
    return _done("invited")


@bp.post("/people/<member>/place")
def place(member: str) -> Page:
    """Change what somebody may do, and for which office."""
    with db.begin() as session:
        form = Place(versions.in_force(session))
        if not form.validate():
            raise Problem(400, "open_too_long", OPEN_TOO_LONG)
        somebody = _another(session, member)
        staff.set_role(session, somebody, role=form.role.data)
        somebody.office = office_of(form)
    log.info("role changed", staff_id=member, role=form.role.data, by=_me())
    return _done("changed")


@bp.post("/people/<member>/out")
def let_out(member: str) -> Page:
    """Nobody comes in with this account, from now on."""
    return _let(member, active=False)


@bp.post("/people/<member>/in")
def let_in(member: str) -> Page:
    """The account works again."""
    return _let(member, active=True)


def _let(member: str, *, active: bool) -> Page:
    _checked()
    with db.begin() as session:
        staff.set_active(session, _another(session, member), active=active)
    log.info("account enabled" if active else "account disabled", staff_id=member, by=_me())
    return _done("in" if active else "out")


def _page(session: Session, form: Invite | None) -> str:
    profile = versions.in_force(session)
    look.use(profile)
    return render_template(
        "review/people.html",
        form=form or Invite(profile, formdata=None, data={"office": EVERY_OFFICE}),
        people=[_shown(one, profile) for one in staff.accounts(session)],
        every_office=EVERY_OFFICE,
        done=DONE.get(request.args.get("done", "")),
    )


def _shown(account: staff.Account, profile: Profile) -> dict[str, Any]:
    member, key, fate = account
    labels = {office["value"]: office["label"] for office in profile.offices}
    return {
        "member": member,
        "office": labels.get(member.office or "", "Every office"),
        "invited_until": key.expires_at if key and key.purpose == "invitation" else None,
        "fate": words.fate(fate.state) if fate else None,
        "reason": fate.reason if fate and fate.state in words.UNREACHED else None,
    }


def _checked() -> None:
    if not Button().validate():
        raise Problem(400, "open_too_long", OPEN_TOO_LONG)


def _another(session: Session, member: str) -> Staff:
    """Somebody else: who takes her own rights away may be the last who could give them back."""
    somebody = _somebody(session, member)
    if somebody.id == identity.member().id:
        raise Problem(409, "yourself", "Ask another administrator to change your own account.")
    return somebody


def _somebody(session: Session, member: str) -> Staff:
    try:
        found = session.get(Staff, UUID(member), with_for_update=True)
    except ValueError:
        found = None
    if found is None:
        raise Problem(404, "nobody", "There is no such account.")
    return found


def _me() -> str:
    return str(identity.member().id)


def _done(what: str) -> Response:
    return redirect(url_for("people.page", done=what), 303)
