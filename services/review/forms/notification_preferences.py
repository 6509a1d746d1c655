"""The form for notification preferences: which mails, and when."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from services.review.forms.texts import one_of_choices
from services.review.labels import NOTIFICATION_TIMES
from services.review.models import Staff
from services.review.staff import notification_preferences


def form_for(member: Staff, **options: Any) -> Any:
    """The form of this person: one choice for each kind of mail that is offered to them."""
    offered = notification_preferences.offered(member)
    known = {kind: notification_preferences.preference(member, kind) for kind in offered}
    return _form(offered)(data=known, **options)


def _form(offered: dict[str, tuple[str, str]]) -> type[Any]:
    fields = {
        kind: SelectField(
            notification_preferences.CHOICES[kind].label,
            [one_of_choices("Choose one of the options.")],
            validate_choice=False,
            choices=[SelectChoice(wish, NOTIFICATION_TIMES[wish]) for wish in possible],
        )
        for kind, possible in offered.items()
    }
    return type("Wishes", (FlaskForm,), fields)
