"""The mailed links to choose a password, and the page to ask for one.

A GET never uses a link up, because mail scanners open links too. The answer to a request does not
say whether the address has an account.
"""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from services.review import identity
from services.review.forms.sign_in import ChoosePassword, RequestLink
from services.review.models import PasswordToken
from services.review.models.states import LinkPurpose
from services.review.routes.case_action import error_status
from services.review.staff import invitations, password_tokens, passwords, people
from shared import db
from shared.profile import Profile, versions
from shared.web import browsers
from shared.web.ui import fields

bp = Blueprint("password_links", __name__)

Page = str | tuple[str, int] | Response


@bp.get("/password/forgotten")
def request_form() -> Page:
    """The form to ask for a link."""
    return render_template(
        "review/request_password_link.html", form=RequestLink(formdata=None), asked=False
    )


@bp.post("/password/forgotten")
def request_link() -> Page:
    """Record who asked; the answer is the same for an unknown address."""
    form = RequestLink()
    form.profile = _profile()
    if not form.validate():
        page = render_template("review/request_password_link.html", form=form, asked=False)
        return page, error_status(form)
    email, address = form.email.data, browsers.network()
    with db.begin() as session:
        member = people.find(session, email=email)
        allowed = password_tokens.record_request(
            session, email=email, address=address, member=member
        )
    page = render_template(
        "review/request_password_link.html", form=form, asked=allowed, full=not allowed
    )
    return page, 200 if allowed else 429


def _profile() -> Profile | None:
    """The profile in force; None before the first one is published."""
    try:
        with db.read() as session:
            return versions.in_force(session)
    except versions.NoProfile:
        return None


@bp.get("/password/<token>")
def show(token: str) -> Page:
    """Whose password the link sets, and the form to choose it."""
    with db.read() as session:
        key = password_tokens.find(session, token=token)
    return _password_page(key, ChoosePassword(formdata=None))


@bp.post("/password/<token>")
def choose_password(token: str) -> Page:
    """Set the password, once, and go to sign-in."""
    form = ChoosePassword()
    with db.read() as session:
        key = password_tokens.find(session, token=token)
        person = key.staff if key else None
        words = (
            people.words_to_avoid(session, name=person.name, email=person.email) if person else []
        )
    if key is None:
        return _password_page(None, form)
    if not form.validate():
        return _password_page(key, form, error_status(form))
    with db.read() as session:
        words = people.words_to_avoid(session, name=key.staff.name, email=key.staff.email)
    email = key.staff.email
    try:
        hashed = passwords.hash_new(form.new.data, words=words)
    except (passwords.WeakPassword, passwords.PasswordTooLong) as refused:
        form.new.errors = [str(refused)]
        return _password_page(key, form, 422)
    with db.begin() as session:
        key = password_tokens.find(session, token=token)
        if key is not None:
            invitations.set_password(session, key, password_hash=hashed)
    if key is None:  # somebody used the link a moment ago
        return _password_page(None, form)
    identity.remember_address(email)
    return identity.make_known(
        redirect(url_for("account.sign_in", chosen="yes"), 303), key.staff_id
    )


def _password_page(key: PasswordToken | None, form: ChoosePassword, status: int = 200) -> Page:
    if key is None:
        return render_template("review/invalid_link.html"), 404
    page = render_template(
        "review/choose_password.html",
        person=key.staff,
        invited=key.purpose == LinkPurpose.INVITATION,
        form=form,
        new=fields.of(form.new, autocomplete="new-password"),
    )
    return page, status
