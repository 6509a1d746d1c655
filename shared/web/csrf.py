"""The token by which a posted form proves that it comes from a page of ours in this browser.

Whoever handles a form asks `valid()` itself instead of being refused beforehand: an expired token
must not cost anybody what she typed.
"""

from flask import request
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms.validators import ValidationError

FIELD = "csrf_token"


def token() -> str:
    """For `forms.start(csrf)`; sets the cookie that it belongs to, which opens nothing."""
    made: str = generate_csrf()
    return made


def valid() -> bool:
    """Whether the posted token is one of this browser, a day old at most."""
    given = request.form.getlist(FIELD)
    try:
        validate_csrf(given[0] if len(given) == 1 else "")
    except ValidationError:
        return False
    return True
