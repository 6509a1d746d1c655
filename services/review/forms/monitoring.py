"""What an administrator decides about a parked event."""

from flask_wtf import FlaskForm
from wtforms import StringField

from services.review.forms.texts import Line, required


class RetryEvent(FlaskForm):  # type: ignore[misc]  # flask-wtf has no types
    """Have it tried again."""


class DiscardEvent(FlaskForm):  # type: ignore[misc]
    """Set it aside for good; why stands beside it."""

    reason = StringField("Reason", [required("Enter a reason."), Line(300)])
