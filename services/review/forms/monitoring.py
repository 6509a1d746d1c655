"""What an administrator decides about a failed event."""

from flask_wtf import FlaskForm
from wtforms import StringField

from services.review.forms.texts import Line, required

MAX_REASON = 300  # characters


class RetryEvent(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Retry it."""


class DiscardEvent(FlaskForm):  # type: ignore[misc]
    """Never retry it; the reason is kept with it."""

    reason = StringField("Reason", [required("Enter a reason."), Line(MAX_REASON)])
