"""Accounts, for administrators: invite, change role and office, deactivate, reactivate."""

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
from services.review.routes.case_action import error_status, validate_or_refuse
from services.review.staff import invitations, people
from shared import db, logs
from shared.profile import Profile, versions
from shared.web.problems import Problem
from shared.web.ui import fields, theme

bp = Blueprint("staff", __name__)
log = logs.logger(__name__)

Page = str | tuple[str, int] | Response

NOTICES = {
    "invited": "The invitation is on its way.",
    "changed": "Role updated. This person was signed out everywhere.",
    "out": "Account deactivated.",
    "cancelled": "Invitation canceled. Its link no longer works.",
    "in": "Account reactivated. The password has not changed.",
}
INVITED = "Invited"


@bp.get("/people")
def page() -> Page:
    """All accounts, and a form to invite a colleague."""
    return _page(None)


@bp.post("/people/invite")
def invite() -> Page:
    """Add an account; its person gets a link to choose a password."""
    with db.read() as session:
        profile = versions.in_force(session)
    form = Invite(profile)
    if not form.validate():
        return _page(form), error_status(form)
    try:
        with db.begin() as session:
            member = people.add(
                session,
                name=form.name.data,
                email=form.email.data,
                role=form.role.data,
                office=office_of(form),
            )
            invitations.invite(session, member, profile=profile, by=identity.member())
    except people.InvalidAccount as refused:
        form.email.errors = [str(refused)]
        return _page(form), 422
    return _redirect("invited")


@bp.post("/people/<member>/invite")
def invite_again(member: str) -> Page:
    """Mail another link to a person without a password; the previous link stops working."""
    validate_or_refuse(Button())
    with db.begin() as session:
        account = _account_of(session, member)
        if account.password_hash or not account.active:
            raise Problem(409, "no_need", "This account has a password already, or is deactivated.")
        profile = versions.in_force(session)
        invitations.invite(session, account, profile=profile, by=identity.member())
    return _redirect("invited")


@bp.post("/people/<member>/place")
def change_role(member: str) -> Page:
    """Change the role and the office of a colleague."""
    with db.read() as session:
        profile = versions.in_force(session)
    form = ChangeRole(profile)
    validate_or_refuse(form)
    with db.begin() as session:
        account = _colleague(session, member)
        people.change_role(session, account, role=form.role.data)
        account.office = office_of(form)
    log.info("role changed", staff_id=member, role=form.role.data, by=_own_id())
    return _redirect("changed")


@bp.post("/people/<member>/out")
def deactivate(member: str) -> Page:
    """Deactivate an account, at once."""
    return _set_active(member, active=False)


@bp.post("/people/<member>/in")
def reactivate(member: str) -> Page:
    """Reactivate an account."""
    return _set_active(member, active=True)


def _set_active(member: str, *, active: bool) -> Page:
    validate_or_refuse(Button())
    with db.begin() as session:
        account = _colleague(session, member)
        invited = account.password_hash is None
        people.set_active(session, account, active=active)
    log.info("account enabled" if active else "account disabled", staff_id=member, by=_own_id())
    if active:
        return _redirect("in")
    return _redirect("cancelled" if invited else "out", of=str(account.id))


def _page(form: Invite | None) -> str:
    with db.read() as session:
        profile = versions.in_force(session)
        accounts = people.accounts(session)
        done = _notice(session)
    theme.use(profile)
    return render_template(
        "review/accounts.html",
        form=form or Invite(profile, formdata=None, data={"office": EVERY_OFFICE}),
        accounts=[_account(account, profile) for account in accounts],
        done=done,
    )


def _account(account: people.Account, profile: Profile) -> dict[str, Any]:
    member, link, mail = account
    offices = {office["value"]: office["label"] for office in profile.offices}
    invited = link is not None and link.purpose == LinkPurpose.INVITATION
    status, tone = _status(member, invited=invited)
    return {
        "member": member,
        "own": member.id == identity.member().id,
        "office": offices.get(member.office or "", "All offices"),
        "status": status,
        "tone": tone,
        "invited_until": link.expires_at if link and status == INVITED else None,
        "may_invite": member.active and not member.password_hash,
        "mail_state": labels.mail_state(mail.state)[0].lower() if mail else "",
        "reason": mail.reason if mail and MailState(mail.state).not_reached else None,
        "fields": _role_fields(member, profile),
    }


def _status(member: Staff, *, invited: bool) -> tuple[str, str]:
    """The status of an account in the list, with its tone."""
    if not member.active:
        return "Deactivated", "no"
    if member.password_hash:
        return "Active", "ok"
    return (INVITED if invited else "No password"), "ask"


def _role_fields(member: Staff, profile: Profile) -> list[fields.Field]:
    chosen = {"role": member.role, "office": member.office or EVERY_OFFICE}
    form = ChangeRole(profile, formdata=None, data=chosen)
    return [fields.of(field, id=f"{field.name}-{member.id}") for field in (form.role, form.office)]


def _colleague(session: Session, member: str) -> Staff:
    """A colleague, never oneself: the last administrator could not undo it."""
    account = _account_of(session, member)
    if account.id == identity.member().id:
        raise Problem(409, "yourself", "Ask another administrator to change your own account.")
    return account


def _account_of(session: Session, member: str) -> Staff:
    account = _found(session, member, with_for_update=True)
    if account is None:
        raise Problem(404, "nobody", "There is no such account.")
    return account


def _found(session: Session, member: str, *, with_for_update: bool = False) -> Staff | None:
    try:
        return session.get(Staff, UUID(member), with_for_update=with_for_update)
    except ValueError:
        return None


def _own_id() -> str:
    return str(identity.member().id)


def _redirect(notice: str, *, of: str | None = None) -> Response:
    return redirect(url_for("staff.page", done=notice, of=of), 303)


def _notice(session: Session) -> str:
    """What was done, and the open cases of somebody who was deactivated."""
    notice = NOTICES.get(request.args.get("done", ""), "")
    account = _found(session, request.args.get("of", ""))
    number = people.open_cases(session, account) if account and not account.active else 0
    if account is None or not number:
        return notice
    cases, them = ("1 open case", "it") if number == 1 else (f"{number} open cases", "them")
    return f"{notice} {account.name} owns {cases}. A lead or coordinator can reassign {them}."
