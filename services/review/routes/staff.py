"""The people of the office, for administrators: invite, change, let out and in again."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from services.review import identity, labels
from services.review.forms.sign_in import Button
from services.review.forms.staff import EVERY_OFFICE, ChangeRole, Invite, office_of
from services.review.models import Staff
from services.review.models.states import LinkPurpose, MailState
from services.review.routes.account import TIMED_OUT
from services.review.staff import invitations, people
from shared import db, logs
from shared.profile import Profile, versions
from shared.web.problems import Problem
from shared.web.ui import theme

bp = Blueprint("staff", __name__)
log = logs.logger(__name__)

Page = str | tuple[str, int] | Response

NOTICES = {
    "invited": "The invitation is on its way.",
    "changed": "Role updated. This person was signed out everywhere.",
    "out": "Account deactivated.",
    "in": "Account reactivated. The password has not changed.",
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
                form.name.errors = [TIMED_OUT]
            return _page(session, form), 400 if late else 422
        try:
            member = people.add(
                session,
                name=form.name.data,
                email=form.email.data,
                role=form.role.data,
                office=office_of(form),
            )
        except people.InvalidAccount as refused:
            form.email.errors = [str(refused)]
            return _page(session, form), 422
        invitations.invite(session, member, profile=profile, by=identity.member())
    return _redirect("invited")


@bp.post("/people/<member>/invite")
def invite_again(member: str) -> Page:
    """Another link for somebody who has chosen no password yet; the one before works no more."""
    _check_form()
    with db.begin() as session:
        somebody = _account_of(session, member)
        if somebody.password_hash or not somebody.active:
            raise Problem(409, "no_need", "This account has a password already, or is deactivated.")
        profile = versions.in_force(session)
        invitations.invite(session, somebody, profile=profile, by=identity.member())
    return _redirect("invited")


@bp.post("/people/<member>/place")
def change_role(member: str) -> Page:
    """Change what somebody may do, and for which office."""
    with db.begin() as session:
        form = ChangeRole(versions.in_force(session))
        if not form.validate():
            raise Problem(400, "open_too_long", TIMED_OUT)
        somebody = _colleague(session, member)
        people.change_role(session, somebody, role=form.role.data)
        somebody.office = office_of(form)
    log.info("role changed", staff_id=member, role=form.role.data, by=_own_id())
    return _redirect("changed")


@bp.post("/people/<member>/out")
def deactivate(member: str) -> Page:
    """Nobody comes in with this account, from now on."""
    return _set_active(member, active=False)


@bp.post("/people/<member>/in")
def reactivate(member: str) -> Page:
    """The account works again."""
    return _set_active(member, active=True)


def _set_active(member: str, *, active: bool) -> Page:
    _check_form()
    with db.begin() as session:
        people.set_active(session, _colleague(session, member), active=active)
    log.info("account enabled" if active else "account disabled", staff_id=member, by=_own_id())
    return _redirect("in" if active else "out")


def _page(session: Session, form: Invite | None) -> str:
    profile = versions.in_force(session)
    theme.use(profile)
    return render_template(
        "review/people.html",
        form=form or Invite(profile, formdata=None, data={"office": EVERY_OFFICE}),
        people=[_account(one, profile) for one in people.accounts(session)],
        every_office=EVERY_OFFICE,
        done=NOTICES.get(request.args.get("done", "")),
    )


def _account(account: people.Account, profile: Profile) -> dict[str, Any]:
    member, key, fate = account
    offices = {office["value"]: office["label"] for office in profile.offices}
    return {
        "member": member,
        "office": offices.get(member.office or "", "All offices"),
        "invited_until": key.expires_at if key and key.purpose == LinkPurpose.INVITATION else None,
        "fate": labels.mail_state(fate.state) if fate else None,
        "reason": fate.reason if fate and MailState(fate.state).not_reached else None,
    }


def _check_form() -> None:
    if not Button().validate():
        raise Problem(400, "open_too_long", TIMED_OUT)


def _colleague(session: Session, member: str) -> Staff:
    """Somebody else: who takes her own rights away may be the last who could give them back."""
    somebody = _account_of(session, member)
    if somebody.id == identity.member().id:
        raise Problem(409, "yourself", "Ask another administrator to change your own account.")
    return somebody


def _account_of(session: Session, member: str) -> Staff:
    try:
        found = session.get(Staff, UUID(member), with_for_update=True)
    except ValueError:
        found = None
    if found is None:
        raise Problem(404, "nobody", "There is no such account.")
    return found


def _own_id() -> str:
    return str(identity.member().id)


def _redirect(what: str) -> Response:
    return redirect(url_for("staff.page", done=what), 303)
