"""Who makes a request: from the cookie to the row of the session."""

from flask import Flask, current_app, g, session
from flask_login import (
    LoginManager,
    UserMixin,
    current_user,
    login_user,
    logout_user,
)

from services.review.models import Staff, StaffSession
from services.review.staff import sessions
from shared import db
from shared.settings import trial_domains
from shared.tables import now
from shared.web import csrf


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
    app.extensions["ui"]["layout"] = "review/frame.html"  # for problem pages


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
