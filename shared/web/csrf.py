"""CSRF tokens: a posted form proves that it comes from one of our pages in this browser.

Views call `valid()` themselves. A check before the view would lose what people typed whenever a
token has expired.
"""

from datetime import timedelta

from flask import g, request, session
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms.validators import ValidationError

FIELD = "csrf_token"


def token() -> str:
    """A token for `forms.start(csrf)`. Sets the cookie it belongs to, which grants no access."""
    new_token: str = generate_csrf()
    return new_token


def valid(*, within: timedelta | None = None) -> bool:
    """Whether the posted token belongs to this browser and is at most a day old, or `within`.

    A form that only saves what was typed may be older than one that acts.
    """
    tokens = request.form.getlist(FIELD)
    limit = int(within.total_seconds()) if within else None
    try:
        validate_csrf(tokens[0] if len(tokens) == 1 else "", time_limit=limit)
    except ValidationError:
        return False
    return True


def renew() -> None:
    """Make the tokens of this browser so far invalid, because somebody may have planted them."""
    session.pop(FIELD, None)
    g.pop(FIELD, None)  # where flask-wtf keeps the token of the request
