"""The cookie of a service with pages: signed, host-only, unreadable for scripts.

It holds a random key and no personal data; the database holds what the key gives access to. Over
https its name begins with `__Host-`, so no other host of the campus can set it.
"""

import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request, session
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer as Signer

from shared.web import browsers

__all__ = ["FORM_OPEN", "KEPT", "Signer", "init_app", "signer"]

KEPT = timedelta(days=60)
FORM_OPEN = timedelta(hours=24)  # how long a page may wait for its form to be posted


def init_app(app: Flask) -> None:
    """Set name and flags of the cookie. A service without pages has no address and no cookie.

    Without a key, on loopback only, each process has a random one.
    """
    service = app.config["SERVICE"]
    url = urlsplit(app.config.get(f"{service.upper()}_URL", ""))
    if not url.hostname:
        return
    app.secret_key = app.config["SECRET_KEY"] or secrets.token_urlsafe(32)
    secure = url.scheme == "https"
    app.config.update(
        SESSION_COOKIE_NAME=f"__Host-{service}" if secure else service,
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # a stylesheet sets no cookie
        PERMANENT_SESSION_LIFETIME=KEPT,
        WTF_CSRF_TIME_LIMIT=int(FORM_OPEN.total_seconds()),
    )
    app.after_request(_keep_cookie)


def signer(purpose: str) -> Signer:
    """Signs values with the keys of the cookie, for this purpose alone."""
    serializer: Any = SecureCookieSessionInterface().get_signing_serializer(current_app)
    return Signer(serializer.secret_keys, salt=purpose)


def _keep_cookie(response: Response) -> Response:
    """Set no cookie in the answer to a form of another site. The browser did not send its cookie,
    which is SameSite, so a new one would replace it and sign the person out.
    """
    if request.method not in ("GET", "HEAD") and browsers.from_elsewhere():
        session.modified = False
    return response
