"""Who makes a request: from the cookie to the row of the session.

A second cookie, which grants nothing, makes a browser known: its guesses at a password are counted
apart, so that strangers who guess do not hold a person back there.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from flask import Flask, current_app, g, request, session
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_user,
    logout_user,
)
from itsdangerous import BadSignature
from werkzeug.wrappers import Response

from services.review.models import Staff, StaffSession
from services.review.models.people import Role
from services.review.staff import sessions
from shared import db
from shared.settings import trial_domains
from shared.tables import now
from shared.web import cookies, csrf

_CHOSEN = "chosen"
KNOWN_FOR = timedelta(days=180)
KNOWN_PEOPLE = 5  # who share one browser


class User(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """A signed-in person for flask-login: the token of the cookie and the row of the session."""

    def __init__(self, token: str, row: StaffSession):
        self.token, self.row = token, row

    def get_id(self) -> str:
        return self.token

    @property
    def member(self) -> Staff:
        return self.row.staff


def init_app(app: Flask) -> None:
    """Load the person of each request. The cookie itself is set up by shared/web."""
    manager = LoginManager()
    manager.session_protection = None  # a session ends with its row, not when the network changes
    manager.user_loader(_load)
    manager.init_app(app, add_context_processor=False)  # error pages must not load the session
    app.jinja_env.globals.update(member=_loaded, csrf=csrf.token, mail_notice=_mail_notice)
    app.extensions["ui"] |= {"layout": "review/frame.html", "home": _home}  # for problem pages


def _load(token: str) -> User | None:
    with db.read() as database:
        row = sessions.load(database, token=token)
    return User(token, row) if row is not None else None


def current() -> Staff | None:
    """The person of this request; None if nobody is signed in."""
    return current_user.member if current_user.is_authenticated else None


def _loaded() -> Staff | None:
    """For templates: the person, if this request has loaded them. Asks no database."""
    user = g.get("_login_user")
    return user.member if isinstance(user, User) else None


def _home() -> str:
    """The label of the link to the first page of this person."""
    person = _loaded()
    return "operations" if person is not None and person.role == Role.ADMIN else "queue"


def _mail_notice() -> str:
    """A notice for staff if the settings stop or limit mail; else ""."""
    if current_app.config["MAIL_STOPPED"]:
        return "All mail is stopped. Emails wait and go out once mail is turned on again."
    domains = trial_domains(current_app.config["MAIL_ONLY_TO"])
    if domains:
        return f"Trial mode: mail goes only to {', '.join(sorted(domains))}. Nobody else gets any."
    return ""


def member() -> Staff:
    """The person of this request, on a guarded page where there always is one."""
    person = current()
    if person is None:
        raise RuntimeError("a guarded page was reached without signing in")
    return person


def session_hash() -> str:
    """The primary key of this session."""
    return str(current_user.row.id_hash)


def start(token: str, row: StaffSession) -> None:
    """Sign in. Everything in the old cookie is dropped, its CSRF token too."""
    session.clear()
    g.pop(csrf.FIELD, None)  # where flask-wtf keeps the token of the request
    login_user(User(token, row))


def end() -> None:
    """Sign out and empty the cookie."""
    logout_user()
    session.clear()


def record_activity() -> None:
    """Record that the session is in use, at most every ACTIVITY_EVERY."""
    row: StaffSession = current_user.row
    if now() - row.seen_at > sessions.ACTIVITY_EVERY:
        with db.begin() as database:
            sessions.record_activity(database, id_hash=row.id_hash)


def remember_address(email: str) -> None:
    """Keep the address of somebody who has just chosen a password here, for the sign-in form."""
    session[_CHOSEN] = email


def remembered_address() -> str:
    """The address of somebody who has just chosen a password here, or ""."""
    return str(session.get(_CHOSEN, ""))


def known_browser(person: Staff | None) -> str:
    """The key of this browser if this person has signed in here before, else ""."""
    key, people = _known_people()
    return key if person is not None and person.id.hex in people else ""


def make_known(response: Response, person_id: UUID) -> Response:
    """Remember that this person has proved here who they are. The browser gets a new key."""
    people = [person_id.hex, *(each for each in _known_people()[1] if each != person_id.hex)]
    response.set_cookie(
        _known_cookie(),
        _signer().dumps([secrets.token_urlsafe(16), people[:KNOWN_PEOPLE]]),
        max_age=KNOWN_FOR,
        secure=current_app.session_interface.get_cookie_secure(current_app),
        httponly=True,
        samesite="Strict",
    )
    return response


def _known_people() -> tuple[str, list[str]]:
    cookie = request.cookies.get(_known_cookie(), "")
    try:
        key, people = _signer().loads(cookie, max_age=int(KNOWN_FOR.total_seconds()))
    except BadSignature:
        return "", []
    return key, people


def _known_cookie() -> str:
    return f"{current_app.session_interface.get_cookie_name(current_app)}-known"


def _signer() -> cookies.Signer:
    return cookies.signer("known browser")
