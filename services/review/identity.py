"""Who is asking: the bridge between the cookie of a request and a session's row."""

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
    """What flask-login knows of somebody: the token of the cookie, and the session's row."""

    def __init__(self, token: str, row: StaffSession):
        self.token, self.row = token, row

    def get_id(self) -> str:
        return self.token

    @property
    def member(self) -> Staff:
        return self.row.staff


def init_app(app: Flask) -> None:
    """Teach this app the way from a cookie to a person; the cookie itself is shared/web's."""
    manager = LoginManager()
    manager.session_protection = None  # a session ends by its row, not by a change of network
    manager.user_loader(_load)
    manager.init_app(app, add_context_processor=False)  # a page about a fault must load nobody
    app.jinja_env.globals.update(member=_loaded, csrf=csrf.token, mail_notice=_mail_notice)
    app.extensions["ui"]["layout"] = "review/frame.html"  # of pages about a problem


def _load(token: str) -> User | None:
    with db.read() as link:
        row = sessions.load(link, token=token)
    return User(token, row) if row is not None else None


def current() -> Staff | None:
    """Who is asking; None for whoever is not signed in."""
    return current_user.member if current_user.is_authenticated else None


def _loaded() -> Staff | None:
    """For templates: whom this request has found already. Asks nobody, so never fails."""
    user = g.get("_login_user")
    return user.member if isinstance(user, User) else None


def _mail_notice() -> str:
    """What the settings keep from reaching people, for everybody of the office to know; or ""."""
    if current_app.config["MAIL_STOPPED"]:
        return "All mail is stopped. What you release waits, and goes out once it is let go again."
    domains = trial_domains(current_app.config["MAIL_ONLY_TO"])
    if domains:
        return f"Trial mode: mail goes only to {', '.join(sorted(domains))}. Nobody else gets any."
    return ""


def member() -> Staff:
    """Who is asking, behind the guard: there is always somebody."""
    found = current()
    if found is None:
        raise RuntimeError("a page behind the guard was reached by nobody")
    return found


def session_hash() -> str:
    """The row's key of this session."""
    return str(current_user.row.id_hash)


def start(token: str, row: StaffSession) -> None:
    """Sign in: what stood in the cookie before is gone, its CSRF token too."""
    session.clear()
    g.pop(csrf.FIELD, None)  # flask-wtf keeps the token of a request here
    login_user(User(token, row))


def end() -> None:
    """Sign out: the cookie holds nothing any more."""
    logout_user()
    session.clear()


def record_activity() -> None:
    """Write a sign of life of this session, now and then."""
    row: StaffSession = current_user.row
    if now() - row.seen_at > sessions.ACTIVITY_EVERY:
        with db.begin() as link:
            sessions.record_activity(link, id_hash=row.id_hash)
