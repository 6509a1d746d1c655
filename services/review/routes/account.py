"""Sign in, sign out, change the password, end sessions, choose notifications.

Every failed sign-in gets the same words and status after the same time, so that nobody learns
whether an account is unknown, deactivated or limited.
"""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.review import identity, labels
from services.review.forms import kept_fields
from services.review.forms import notification_preferences as preferences_form
from services.review.forms.sign_in import Button, ChangePassword, SignIn, own_path
from services.review.models import Staff
from services.review.routes import unsent_texts
from services.review.routes.case_action import error_status, validate_or_refuse
from services.review.staff import guesses, notification_preferences, passwords, people, sessions
from shared import db, logs
from shared.web import browsers
from shared.web.guards import headers
from shared.web.problems import Problem
from shared.web.ui import fields
from shared.web.ui.labels import say

bp = Blueprint("account", __name__)
bp.add_app_template_global(labels.time_zone)
bp.add_app_template_filter(labels.role)
bp.add_app_template_global(labels.owner, "owner_label")
log = logs.logger(__name__)

Page = str | tuple[str, int] | Response

INCORRECT = (
    "Incorrect email or password. After several tries, wait 15 minutes or reset your password."
)
INCORRECT_CURRENT = (
    "Incorrect. Enter the password that you use now. After several tries, wait 15 minutes."
)
UNKNOWN_CHOICE = "Choose one of the options on the page."


@bp.get("/sign-in")
def sign_in() -> Page:
    """The sign-in page; people who are signed in are redirected."""
    path = own_path(request.args.get("next", "/"))
    if identity.current() is not None:
        return redirect(path, 303)
    email = identity.remembered_address() if request.args.get("chosen") else ""
    return _sign_in_page(SignIn(formdata=None, data={"next": path, "email": email}))


@bp.post("/sign-in")
def sign_in_submit() -> Page:
    """Start a new session under a new id, or show the sign-in page again."""
    form = SignIn()
    if not form.validate() or not kept_fields.sent_by_us():
        return _invalid_sign_in(form)
    with db.begin() as session:
        member = people.find(session, email=form.email.data)
        guess = guesses.reserve(session, email=form.email.data, place=_place(member))
    fits = _verify(member, form.password.data, guess is not None)
    if member is None or not fits:
        return _refuse(form, held_back=guess is None)
    with db.begin() as session:
        guesses.take_back(session, guess)
        token = sessions.start(session, member)
    with db.read() as session:
        row = sessions.load(session, token=token)
    if row is None:
        raise Problem(409, "disabled", "This account has just been deactivated.")
    kept = kept_fields.of_sign_in()
    identity.start(token, row)
    log.info("signed in", staff_id=str(member.id))
    answer = _lead_on(own_path(form.next.data or "/"), kept)
    return identity.make_known(answer, member.id)


def _place(member: Staff | None) -> str:
    """Where the guesses of this request count."""
    key = identity.known_browser(member)
    return guesses.browser(key) if key else browsers.network()


def _verify(member: Staff | None, password: str, allowed: bool) -> bool:
    try:
        return sessions.verify_sign_in(member, password=password, allowed=allowed)
    except passwords.PasswordTooLong:
        raise Problem(413, "password_too_long", "This password is too long.") from None


def _refuse(form: SignIn, *, held_back: bool) -> Page:
    log.warning("sign-in refused", held_back=held_back)
    form.email.errors = [INCORRECT]
    return _sign_in_page(form, 422)


def _invalid_sign_in(form: SignIn) -> Page:
    """Show the sign-in page again, without anything that another site may have put into it."""
    if kept_fields.sent_by_us():
        return _sign_in_page(form, 422)
    form.next.data = "/"
    form.csrf_token.errors = form.csrf_token.errors or [say("timed_out")]
    return _sign_in_page(form, 400)


def _lead_on(path: str, kept: kept_fields.Kept | None) -> Response:
    """Redirect to the requested page, or to the form that was sent after the session ended: its
    text is back in it, for the person who typed it.
    """
    if kept is None:
        return redirect(path, 303)
    is_own = kept.person_id == identity.member().id
    form_page = unsent_texts.restore(kept) if is_own else None
    if form_page:
        return redirect(form_page, 303)
    texts = kept.labelled() if is_own else []
    page = render_template("review/unsent_texts.html", is_own=is_own, texts=texts, back=path)
    return make_response(page)


def _sign_in_page(form: SignIn, status: int = 200) -> tuple[str, int]:
    kept = kept_fields.on_sign_in_page()
    return render_template("review/sign_in.html", form=form, kept=kept), status


@bp.post("/sign-out")
def sign_out() -> Page:
    """End this session, here and in the database."""
    validate_or_refuse(Button())
    with db.begin() as session:
        sessions.end(session, id_hash=identity.session_hash())
    identity.end()
    answer = redirect(url_for("account.sign_in", out="yes"), 303)
    answer.headers.update(headers.AT_SIGN_OUT)
    return answer


@bp.get("/account")
def page() -> Page:
    """The account page: name and role, password, sessions, notifications."""
    return _account_page(ChangePassword(formdata=None))


@bp.post("/account/password")
def change_password() -> Page:
    """Choose a new password; every other session ends and this one goes on under a new id."""
    form = ChangePassword()
    known = identity.member()
    if not form.validate():
        return _account_page(form, error_status(form))
    with db.begin() as session:
        guess = guesses.reserve(session, email=known.email, place=guesses.browser(known.id.hex))
    if not _verify(known, form.current.data, guess is not None):
        form.current.errors = [INCORRECT_CURRENT]
        return _account_page(form, 422)
    with db.begin() as session:
        guesses.take_back(session, guess)
        words = people.words_to_avoid(session, name=known.name, email=known.email)
    try:
        hashed = passwords.hash_new(form.new.data, words=words)
    except (passwords.WeakPassword, passwords.PasswordTooLong) as refused:
        form.new.errors = [str(refused)]
        return _account_page(form, 422)
    with db.begin() as session:
        member = session.get_one(Staff, known.id)
        people.set_password(session, member, password_hash=hashed)
        token = sessions.start(session, member)
    with db.read() as session:
        row = sessions.load(session, token=token)
    if row is not None:
        identity.start(token, row)
    return redirect(url_for("account.page", changed="yes"), 303)


@bp.post("/account/mail")
def choose_notifications() -> Page:
    """Choose which mails come at once, in the morning, or not at all."""
    form = preferences_form.form_for(identity.member())
    validate_or_refuse(form, otherwise=UNKNOWN_CHOICE)
    with db.begin() as session:
        notification_preferences.save(session.get_one(Staff, identity.member().id), form.data)
    return redirect(url_for("account.page", changed="mail"), 303)


@bp.post("/account/sessions/<id_hash>/end")
def end_session(id_hash: str) -> Page:
    """Sign out of another browser."""
    validate_or_refuse(Button())
    with db.begin() as session:
        sessions.end_own(session, identity.member(), id_hash=id_hash)
    return redirect(url_for("account.page", changed="session"), 303)


def _account_page(form: ChangePassword, status: int = 200) -> tuple[str, int]:
    member = identity.member()
    with db.read() as session:
        living = sessions.sessions_of(session, member)
    page = render_template(
        "review/account.html",
        form=form,
        new=fields.of(form.new, autocomplete="new-password"),
        sessions=living,
        here_hash=identity.session_hash(),
        choices=_choices(member),
        changed=request.args.get("changed", ""),
    )
    return page, status


def _choices(member: Staff) -> list[Any]:
    """The notifications that this person can choose; none before they have their own password."""
    if member.must_change:
        return []
    form = preferences_form.form_for(member, formdata=None)
    return [form[kind] for kind in notification_preferences.offered(member)]
